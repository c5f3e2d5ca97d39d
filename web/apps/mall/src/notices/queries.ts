import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, openNoticeStream, type Session, unwrap } from "@xingqu/client";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { useEffect } from "react";
import { showToast } from "../kit/toast";
import { SESSION_KEY } from "../session/session";
import { isForBuyer, noticeText, staleAfter } from "./words";

const KEY = ["notices"];

/** One's own notices as a buyer, newest first. */
export function useNotices(enabled: boolean) {
  return useInfiniteQuery({
    queryKey: KEY,
    queryFn: ({ pageParam }) => unwrap(api.GET("/api/v1/notices", { params: { query: { side: "buyer", ...(pageParam ? { cursor: pageParam } : {}) } } })),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
    enabled,
    staleTime: 0,
  });
}

export function useReadNotices() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (upToId: number) => unwrap(api.POST("/api/v1/notices/read", { body: { up_to_id: upToId, side: "buyer" } })),
    onSuccess: () =>
      // a notice may have come since the list was read: the server counts
      Promise.all([client.invalidateQueries({ queryKey: KEY }), client.invalidateQueries({ queryKey: SESSION_KEY })]),
  });
}

/** Notices as they happen: a word at the foot of the page, one more on the badge, and fresh lists of what it is about. */
export function useNoticeStream(session: Session | undefined): void {
  const client = useQueryClient();
  const { t } = useTranslation();
  const { money } = useFormat();
  const address = session?.person ? session.notices_url : null;
  useEffect(() => {
    if (!address) return;
    return openNoticeStream(address, (notice) => {
      if (!isForBuyer(notice)) return;
      client.setQueryData<Session>(SESSION_KEY, (now) => now && { ...now, unread_buyer_notices: now.unread_buyer_notices + 1 });
      for (const key of [...KEY, ...staleAfter(notice)]) void client.invalidateQueries({ queryKey: [key] });
      showToast(noticeText(t, money, notice));
    });
  }, [address, client, money, t]);
}
