import { useFormat, useTranslation } from "@xingqu/i18n";
import { Link } from "react-router";
import { Sheet } from "../kit/Sheet";
import { EmptyState } from "../kit/states";
import { useReport } from "../kit/useReport";
import { Countdown } from "../programmes/Countdown";
import { type Rewards, useRewardAct, useRewards } from "./queries";
import type { Room } from "./roomState";

/** How much there is to take part in just now. */
export function openCount(rewards: Rewards | undefined): number {
  if (!rewards) return 0;
  return rewards.drops.filter((one) => one.is_open && !one.mine).length + rewards.bags.filter((one) => one.state === "open" && !one.entered).length;
}

/** Coupons to take and lucky bags to enter. */
export function LiveRewards({ room, onOpenProduct, onClose }: { room: Room; onOpenProduct: (productId: number) => void; onClose: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const report = useReport();
  const rewards = useRewards(room.id);
  const act = useRewardAct(room.id);
  const take = (path: { coupon: number } | { bag: number; word: string }) => act.mutate(path, { onError: report });
  const drops = rewards.data?.drops ?? [];
  const bags = rewards.data?.bags ?? [];
  return (
    <Sheet title={t("live.rewards")} height="tall" onClose={onClose} testId="live-rewards">
      {drops.length + bags.length === 0 ? <EmptyState icon="shop" title={t("live.rewards_none")} /> : null}
      <ul className="live-reward-list">
        {drops.map((one) => (
          <li key={`c${one.coupon_id}`} className="live-reward" data-testid="live-drop">
            <span>
              <b>{t("live.drop_off", { amount: format.money(one.discount), from: format.money(one.threshold) })}</b>
              <small>
                {t("live.left_of", { count: one.left })} {one.is_open ? <Countdown endsAt={one.claim_until} /> : null}
              </small>
            </span>
            <button type="button" className="button" disabled={!one.is_open || one.mine || act.isPending} onClick={() => take({ coupon: one.coupon_id })} data-testid="live-drop-claim">
              {one.mine ? t("live.drop_mine") : t("live.drop_take")}
            </button>
          </li>
        ))}
        {bags.map((one) => (
          <li key={`b${one.id}`} className="live-reward" data-testid="live-lucky" data-state={one.state}>
            <span>
              <b>
                {t("live.bag_name")} · {one.name}
              </b>
              {one.winner_pays ? <small data-testid="live-lucky-prize">{t("live.bag_prize", { name: one.product_name, amount: format.money(one.winner_pays) })}</small> : null}
              <small>
                {t("live.bag_terms", { winners: one.winner_count, entrants: one.entrants })}
                {one.word ? ` · ${t("live.bag_word", { word: one.word })}` : ""}
                {one.watch_s ? ` · ${t("live.bag_watch", { count: Math.ceil(one.watch_s / 60) })}` : ""}
              </small>
              {one.won && one.keep_until ? <small>{t("live.bag_keep", { time: format.dateTime(one.keep_until) })}</small> : null}
              {one.state === "open" ? <Countdown endsAt={one.draw_at} onOver={() => void rewards.refetch()} /> : <small className="live-seed">{t("live.bag_seed", { hash: one.seed_hash.slice(0, 12), seed: one.seed ?? "" })}</small>}
            </span>
            {one.state === "open" ? (
              <button type="button" className="button" disabled={one.entered || act.isPending} onClick={() => take({ bag: one.id, word: one.word })} data-testid="live-lucky-enter">
                {one.entered ? t("live.bag_entered") : t("live.bag_enter")}
              </button>
            ) : one.won ? (
              one.product_id !== null ? (
                <button type="button" className="button" onClick={() => onOpenProduct(one.product_id!)} data-testid="live-lucky-won">
                  {t("live.bag_won_product", { amount: one.winner_pays ? format.money(one.winner_pays) : "" })}
                </button>
              ) : (
                <Link className="button" to="/coupons" data-testid="live-lucky-won">
                  {t("live.bag_won_coupon")}
                </Link>
              )
            ) : (
              <small>{one.entered ? t("live.bag_lost") : t("live.bag_over")}</small>
            )}
          </li>
        ))}
      </ul>
    </Sheet>
  );
}
