"""The rules of after-sale, pure: states, who must act by when, reasons, amounts, periods."""
