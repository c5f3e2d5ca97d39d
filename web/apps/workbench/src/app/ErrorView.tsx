import { Button, Result } from "antd";
import { useTranslation } from "@xingqu/i18n";
import { isRouteErrorResponse, useNavigate, useRouteError } from "react-router";
import { ApiError } from "@xingqu/client";
import { errorText } from "./errors";
import { signInAddress } from "./session";

/** What happened, what is safe, and a way on. */
export function ErrorView({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { t } = useTranslation();
  const status = error instanceof ApiError ? error.status : -1;
  if (status === 401) {
    return (
      <Result
        status="info"
        title={t("errors.sign_in_required")}
        extra={<Button type="primary" href={signInAddress()}>{t("shell.sign_in")}</Button>}
      />
    );
  }
  return (
    <Result
      data-testid="error-view"
      status={status === 404 ? "404" : status === 403 ? "403" : "warning"}
      title={errorText(t, error)}
      subTitle={status === 404 || status === 403 ? t("errors.nothing_changed") : t("errors.read_failed_safe")}
      extra={onRetry && <Button type="primary" onClick={onRetry}>{t("actions.retry")}</Button>}
    />
  );
}

/** A page that broke or an address that leads nowhere. */
export function RouteError() {
  const error = useRouteError();
  const { t } = useTranslation();
  const navigate = useNavigate();
  const missing = isRouteErrorResponse(error) && error.status === 404;
  const stale = error instanceof TypeError && /dynamically imported module/.test(error.message);
  return (
    <Result
      status={missing ? "404" : "warning"}
      title={missing ? t("errors.no_such_page") : stale ? t("errors.new_version") : t("errors.page_broke")}
      subTitle={missing ? undefined : t("errors.page_broke_safe")}
      extra={
        <Button type="primary" onClick={() => (missing ? void navigate("/") : location.reload())}>
          {missing ? t("shell.go_home") : t("actions.reload")}
        </Button>
      }
    />
  );
}
