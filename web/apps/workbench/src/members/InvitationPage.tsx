import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { Alert, Button, Card, Result, Skeleton, Space } from "antd";
import { useState } from "react";
import { useNavigate, useParams } from "react-router";
import { get, post } from "../api/http";
import type { InvitationCard } from "../api/types";
import { ErrorView } from "../app/ErrorView";
import { SignedIn } from "../app/Gate";
import { errorText } from "../app/errors";

/** What one is invited to, with yes and no. */
export default function InvitationPage() {
  return <SignedIn>{() => <Answer />}</SignedIn>;
}

function Answer() {
  const { t } = useTranslation();
  const format = useFormat();
  const navigate = useNavigate();
  const client = useQueryClient();
  const { token = "" } = useParams();
  const address = `/invitations/${encodeURIComponent(token)}`;
  const card = useQuery({ queryKey: ["invitation", token], queryFn: ({ signal }) => get<InvitationCard>(address, undefined, signal), retry: false });
  const [refusal, setRefusal] = useState<unknown>(null);
  const [declined, setDeclined] = useState(false);
  if (card.isPending) return <Skeleton active className="wb-gate" />;
  if (card.isError) return <ErrorView error={card.error} onRetry={() => void card.refetch()} />;
  const row = card.data;
  const act = async (yes: boolean) => {
    setRefusal(null);
    try {
      if (!yes) {
        await post(`${address}/decline`);
        setDeclined(true);
        return;
      }
      const joined = await post<{ organisation_id: number }>(`${address}/accept`);
      await client.invalidateQueries({ queryKey: ["session"] });
      void navigate(`/shops/${joined.organisation_id}/today`);
    } catch (error) {
      setRefusal(error);
    }
  };
  const open = row.state === "waiting" && !declined;
  return (
    <div className="wb-gate">
      <Card>
        <Result
          title={t("members.join_title", { shop: format.named({ name: row.shop_name, name_en: row.shop_name_en }) })}
          subTitle={t("members.join_help", { by: row.invited_by, role: row.role_name || t(`roles.${row.role}`), date: format.dateTime(row.expires_at) })}
          extra={
            open ? (
              <Space>
                <Button type="primary" size="large" onClick={() => void act(true)} data-testid="invitation-accept">
                  {t("members.accept")}
                </Button>
                <Button size="large" onClick={() => void act(false)} data-testid="invitation-decline">
                  {t("members.decline")}
                </Button>
              </Space>
            ) : (
              <span>{t(`members.invitation.${declined ? "declined" : row.state}`)}</span>
            )
          }
        />
        {refusal !== null && <Alert type="error" showIcon title={errorText(t, refusal)} />}
      </Card>
    </div>
  );
}
