import { useErrorText } from "@xingqu/i18n";
import { ApiError } from "@xingqu/client";
import { useLocation, useNavigate } from "react-router";
import { showToast } from "./toast";

/** Says what an action's failure was; a missing sign-in leads there and back. */
export function useReport(): (error: unknown) => void {
  const errorText = useErrorText();
  const navigate = useNavigate();
  const location = useLocation();
  return (error) => {
    showToast(errorText(error), { tone: "bad" });
    if (error instanceof ApiError && error.code === "sign_in_required") {
      navigate(`/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`);
    }
  };
}
