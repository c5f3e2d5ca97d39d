import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, ApiError, type QueuePlace, unwrap } from "@xingqu/client";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { Link, useLocation } from "react-router";
import { useReport } from "../kit/useReport";
import { useSession } from "../session/session";
import { Countdown } from "./Countdown";
import { solve } from "./proof";

interface Challenge {
  challenge: string;
  bits: number;
}

async function takePlace(saleId: number): Promise<QueuePlace> {
  const send = (body: { challenge?: string; nonce?: string }) =>
    unwrap(api.POST("/api/v1/flash-sales/{sale_id}/place", { params: { path: { sale_id: saleId } }, body: { challenge: "", nonce: "", ...body } }));
  try {
    return await send({});
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== "challenge_required") throw error;
    const { challenge, bits } = error.data as unknown as Challenge;
    return send({ challenge, nonce: await solve(challenge, bits) });
  }
}

/** The queue before a flash sale: taking a place, how one stands, and until when one may order. */
export function QueuePanel({ saleId }: { saleId: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  const report = useReport();
  const client = useQueryClient();
  const session = useSession();
  const location = useLocation();
  const key = ["queue", saleId];
  const signedIn = Boolean(session.data?.person);
  const place = useQuery({
    queryKey: key,
    queryFn: () => unwrap(api.GET("/api/v1/flash-sales/{sale_id}/place", { params: { path: { sale_id: saleId } } })),
    enabled: signedIn,
    refetchInterval: (query) => (query.state.data?.state === "waiting" ? Math.max(query.state.data.poll_after_s, 2) * 1000 : false),
  });
  const join = useMutation({ mutationFn: () => takePlace(saleId), onSuccess: (now) => client.setQueryData(key, now), onError: report });
  if (session.isSuccess && !signedIn) {
    return (
      <p className="queue-panel">
        <Link to={`/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`}>{t("queue.sign_in")}</Link>
      </p>
    );
  }
  const found = place.data;
  if (!found || found.state === "over") return null;
  const ahead = `${format.number(found.ahead)}${found.ahead_at_least ? "+" : ""}`;
  return (
    <div className="queue-panel" data-testid="queue-panel" data-state={found.state}>
      <p role="status" aria-live="polite">
        {found.state === "waiting" ? t("queue.waiting", { ahead, minutes: Math.max(1, Math.ceil(found.wait_s / 60)) }) : t(`queue.${found.state}`)}
      </p>
      {found.state === "admitted" && found.expires_at ? <Countdown endsAt={found.expires_at} onOver={() => void place.refetch()} /> : null}
      {found.state === "none" || found.state === "expired" ? (
        <button type="button" className="button button-small" disabled={join.isPending} onClick={() => join.mutate()} data-testid="queue-join">
          {join.isPending ? t("queue.joining") : t("queue.join")}
        </button>
      ) : null}
    </div>
  );
}
