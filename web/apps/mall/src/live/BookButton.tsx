import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "@xingqu/client";
import { useTranslation } from "@xingqu/i18n";
import { useLocation, useNavigate } from "react-router";
import { showToast } from "../kit/toast";
import { useReport } from "../kit/useReport";
import { useSession } from "../session/session";

/** "Tell me when it begins" (预约), for a planned room. */
export function BookButton({ creatorId, roomId, booked }: { creatorId: number | undefined; roomId: number; booked: boolean }) {
  const { t } = useTranslation();
  const person = useSession().data?.person;
  const navigate = useNavigate();
  const here = useLocation();
  const report = useReport();
  const client = useQueryClient();
  const params = { params: { path: { room_id: roomId } } };
  const change = useMutation({
    mutationFn: () => unwrap(booked ? api.DELETE("/api/v1/live/rooms/{room_id}/booking", params) : api.PUT("/api/v1/live/rooms/{room_id}/booking", params)),
    onSuccess: async () => {
      await Promise.all([client.invalidateQueries({ queryKey: ["creator", creatorId, "rooms"] }), client.invalidateQueries({ queryKey: ["live-room", roomId] })]);
      showToast(t(booked ? "live.booking_dropped" : "live.booking_made"));
    },
    onError: report,
  });
  const run = () => {
    if (person) change.mutate();
    else navigate(`/sign-in?next=${encodeURIComponent(here.pathname + here.search)}`);
  };
  return (
    <button type="button" className={`button button-small${booked ? " button-quiet" : ""}`} aria-pressed={booked} disabled={change.isPending} onClick={run} data-testid="live-book">
      {t(booked ? "live.booked" : "live.book")}
    </button>
  );
}
