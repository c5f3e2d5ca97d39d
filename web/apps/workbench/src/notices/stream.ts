import { useQueryClient } from "@tanstack/react-query";
import { openNoticeStream } from "@xingqu/client";
import { useTranslation } from "@xingqu/i18n";
import { App } from "antd";
import { useEffect } from "react";
import type { Session } from "../api/types";
import { SESSION_KEY } from "../app/session";
import { noticeText } from "./notice-text";

export const NOTICES_KEY = ["notices"];

/** What a notice makes stale: the lists of the room that it tells of. */
const STALE_BY_DATA: [string, string[]][] = [
  ["order_no", ["orders", "order-counts", "today"]],
  ["review_id", ["reviews"]],
  ["product_id", ["products", "today"]],
  ["asset_id", ["assets", "works"]],
];

/** Listens for notices as they happen; the browser reconnects by itself and resumes after the last id. */
export function useNoticeStream(session: Session): void {
  const client = useQueryClient();
  const { notification } = App.useApp();
  const { t } = useTranslation();
  const address = session.person ? session.notices_url : null;
  useEffect(() => {
    if (!address) return;
    return openNoticeStream(address, (notice) => {
      client.setQueryData<Session>(SESSION_KEY, (current) =>
        current ? { ...current, unread_notices: current.unread_notices + 1 } : current,
      );
      void client.invalidateQueries({ queryKey: NOTICES_KEY });
      // What one may do holds from the server's next answer on: the pages shown follow at once.
      if (notice.kind === "role_changed" || notice.kind === "member_removed") void client.invalidateQueries({ queryKey: SESSION_KEY });
      for (const [field, keys] of STALE_BY_DATA) {
        if (notice.data?.[field] !== undefined) keys.forEach((key) => void client.invalidateQueries({ queryKey: [key] }));
      }
      notification.info({ key: `notice-${notice.id}`, title: noticeText(t, notice), placement: "bottomRight" });
    });
  }, [address, client, notification, t]);
}
