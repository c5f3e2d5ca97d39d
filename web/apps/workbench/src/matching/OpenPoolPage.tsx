import { useTranslation } from "@xingqu/i18n";
import { Button, Result } from "antd";
import { Navigate, useParams } from "react-router";
import { SignedIn } from "../app/Gate";
import type { Session } from "../api/types";

/** A pool's link: on to the selection of the visitor's own creator account. */
export default function OpenPoolPage() {
  return <SignedIn>{(session) => <Onward session={session} />}</SignedIn>;
}

function Onward({ session }: { session: Session }) {
  const { t } = useTranslation();
  const { poolKey } = useParams();
  const studio = session.organisations.find((one) => one.kind === "creator");
  if (studio) return <Navigate replace to={`/shops/${studio.id}/selection?tab=pools&pool_key=${encodeURIComponent(poolKey ?? "")}`} />;
  return <Result status="info" title={t("matching.link_for_creators")} extra={<Button href="/me">{t("matching.back")}</Button>} />;
}
