import { useTranslation } from "@xingqu/i18n";
import { App, Button, Card, Result, Skeleton } from "antd";
import { type ReactNode, useEffect } from "react";
import { Navigate } from "react-router";
import type { Session } from "../api/types";
import { ErrorView } from "./ErrorView";
import { Shell, landingAddress } from "./Shell";
import { errorText } from "./errors";
import { signInAddress, useDemoRole, useSession } from "./session";

/** Lets only signed-in people past; everybody else is sent to sign in and comes back here. */
export function SignedIn({ children }: { children: (session: Session) => ReactNode }) {
  const session = useSession();
  if (session.isPending) return <Waiting />;
  if (session.isError) return <ErrorView error={session.error} onRetry={() => void session.refetch()} />;
  if (!session.data.person) return <SignIn demo={session.data.demo} />;
  return children(session.data);
}

/** The page's place while its code or its person is being asked for. */
export function Waiting() {
  return (
    <div className="wb-gate">
      <Skeleton active paragraph={{ rows: 6 }} />
    </div>
  );
}

function SignIn({ demo }: { demo: boolean }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const become = useDemoRole();
  useEffect(() => {
    if (!demo) location.assign(signInAddress());
  }, [demo]);
  if (!demo) return <div className="wb-gate">{t("shell.to_sign_in")}</div>;
  return (
    <div className="wb-gate">
      <Card>
        <Result
          icon={<span className="wb-brand-mark wb-brand-mark-large" aria-hidden>趣</span>}
          title={t("shell.welcome")}
          subTitle={t("shell.welcome_demo")}
          extra={[
            <Button
              key="demo"
              type="primary"
              size="large"
              data-testid="demo-merchant"
              onClick={() => become("merchant").catch((error: unknown) => message.error(errorText(t, error)))}
            >
              {t("shell.enter_as_demo_merchant")}
            </Button>,
            <Button key="in" size="large" href={signInAddress()}>
              {t("shell.sign_in")}
            </Button>,
          ]}
        />
      </Card>
    </div>
  );
}

/** The address without a shop: on to the person's own. */
export function Landing() {
  return <SignedIn>{(session) => <Navigate to={landingAddress(session)} replace />}</SignedIn>;
}

export function Gate() {
  return <SignedIn>{(session) => <Shell session={session} />}</SignedIn>;
}
