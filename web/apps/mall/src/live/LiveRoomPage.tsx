import { useFormat, useTranslation } from "@xingqu/i18n";
import { useState } from "react";
import { Link, useParams } from "react-router";
import { FollowButton } from "../content/FollowButton";
import { Avatar, Picture } from "../kit/basics";
import { Icon } from "../kit/Icon";
import { ErrorState, Skeleton } from "../kit/states";
import { showToast } from "../kit/toast";
import { useDesktop } from "../kit/useMedia";
import { useReport } from "../kit/useReport";
import { ProductSheet } from "../product/ProductSheet";
import { useTitle } from "../shell/useTitle";
import "./live.css";
import { BookButton } from "./BookButton";
import { LiveBag, PopUp } from "./LiveBag";
import { LiveBar, LiveChat } from "./LiveChat";
import { LivePlayer } from "./LivePlayer";
import { LiveRewards, openCount } from "./LiveRewards";
import { countClick, useRewards, useRoom, useRoomEvents, useWatch } from "./queries";
import type { Room } from "./roomState";

const ON_AIR = new Set(["live", "paused", "interrupted"]);

export function LiveRoomPage() {
  const { t } = useTranslation();
  const roomId = Number(useParams().roomId);
  const room = useRoom(roomId);
  useTitle(room.data?.title || t("live.title"));
  useRoomEvents(roomId, room.isSuccess);
  if (room.isError) {
    return (
      <main className="page page-narrow">
        <ErrorState error={room.error} onRetry={() => void room.refetch()} />
      </main>
    );
  }
  return (
    <main className="live-page" data-theme="dark" data-testid="live-room" data-state={room.data?.state}>
      {room.data ? <Loaded room={room.data} /> : <Skeleton className="live-skeleton" />}
    </main>
  );
}

function Loaded({ room }: { room: Room }) {
  const [inBag, setInBag] = useState(false);
  const [inRewards, setInRewards] = useState(false);
  const { t } = useTranslation();
  const rewards = useRewards(room.id);
  const waiting = openCount(rewards.data);
  const [productId, setProductId] = useState<number | null>(null);
  const desktop = useDesktop();
  const onAir = ON_AIR.has(room.state);
  useWatch(room.id, onAir, room.viewers);
  const explained = room.items.find((item) => item.id === room.explaining_item_id);
  const open = (item: Room["items"][number]) => {
    setInBag(false);
    setProductId(item.product.id);
    countClick(room.id, item.product.id);
  };
  // After the show it is there for who has won something.
  const won = rewards.data?.bags.some((one) => one.won) ?? false;
  const rewardButton =
    rewards.data && rewards.data.drops.length + rewards.data.bags.length > 0 ? (
      <button type="button" className="live-round live-reward-button" data-testid="live-reward-button" aria-label={t("live.rewards")} onClick={() => setInRewards(true)}>
        <Icon name="shop" size={24} />
        {waiting > 0 ? <span>{waiting}</span> : null}
      </button>
    ) : null;
  const touch = room.items.find((item) => item.product.id === productId)?.touch;
  return (
    <>
      <div className="live-stage">
        {room.cover_url ? <Picture url={room.cover_url} alt="" className="live-cover" eager /> : null}
        {room.play_url ? <LivePlayer key={room.play_url} url={room.play_url} /> : <Veil room={room} />}
        <Head room={room} />
      </div>
      <div className="live-side">
        {room.announcement ? <p className="live-announcement">{room.announcement}</p> : null}
        {onAir ? <LiveChat lines={room.chat} hostName={room.creator?.display_name ?? ""} /> : null}
        {explained && onAir ? <PopUp item={explained} onOpen={open} /> : null}
        {onAir ? (
          <LiveBar room={room}>
            <BagButton room={room} onOpen={() => setInBag(true)} />
            {rewardButton}
          </LiveBar>
        ) : room.items.length > 0 || won ? (
          <div className="live-bar">
            <BagButton room={room} onOpen={() => setInBag(true)} />
            {won ? rewardButton : null}
          </div>
        ) : null}
      </div>
      {inRewards ? (
        <LiveRewards
          room={room}
          onOpenProduct={(id) => {
            setInRewards(false);
            setProductId(id);
          }}
          onClose={() => setInRewards(false)}
        />
      ) : null}
      {inBag ? <LiveBag room={room} onOpen={open} onClose={() => setInBag(false)} /> : null}
      {productId !== null ? (
        <ProductSheet productId={productId} docked={desktop} attribution={{ surface: touch ? "live" : "product", ...(touch ? { touch } : {}) }} onClose={() => setProductId(null)} />
      ) : null}
    </>
  );
}

function BagButton({ room, onOpen }: { room: Room; onOpen: () => void }) {
  const { t } = useTranslation();
  return (
    <button type="button" className="live-round live-bag-button" data-testid="live-bag-button" aria-label={t("live.bag", { count: room.items.length })} onClick={onOpen}>
      <Icon name="cart" size={24} />
      <span aria-hidden="true">{room.items.length}</span>
    </button>
  );
}

function Head({ room }: { room: Room }) {
  const { t } = useTranslation();
  const format = useFormat();
  const creator = room.creator;
  return (
    <header className="live-head">
      {creator ? (
        <Link className="live-host" to={`/creator/${creator.id}`}>
          <Avatar url={creator.avatar_url} name={creator.display_name} size={36} />
          <span>
            <b>{format.displayName(creator)}</b>
            <small data-testid="live-viewers">{t("live.viewers", { count: room.viewers })}</small>
          </span>
        </Link>
      ) : null}
      {creator ? <FollowButton creator={{ ...creator, followed: room.followed }} /> : null}
      <ShareButton title={room.title} />
      {room.state === "live" ? <span className="live-mark">{t("live.mark")}</span> : null}
      {room.is_ai_host ? <span className="live-mark live-mark-ai">{t("live.ai_host")}</span> : null}
      <h1 className="live-title">{room.title}</h1>
    </header>
  );
}

/** Hands the room's address on: by the phone's own sheet, or copied. */
function ShareButton({ title }: { title: string }) {
  const { t } = useTranslation();
  const desktop = useDesktop();
  const report = useReport();
  const share = async () => {
    const url = globalThis.location.origin + globalThis.location.pathname;
    try {
      if (!desktop && navigator.share) await navigator.share({ title, url });
      else {
        await navigator.clipboard.writeText(url);
        showToast(t("feed.link_copied"));
      }
    } catch (error) {
      if (!(error instanceof DOMException && error.name === "AbortError")) report(error);
    }
  };
  return (
    <button type="button" className="live-round live-share" aria-label={t("live.share")} onClick={() => void share()} data-testid="live-share">
      <Icon name="share" size={20} />
    </button>
  );
}

/** What there is instead of a picture, and what happens next. */
function Veil({ room }: { room: Room }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <div className="live-veil live-veil-state" role="status" data-testid="live-veil">
      <Icon name="info" size={34} />
      <p>{t(`live.state.${room.state}`)}</p>
      {room.state === "scheduled" && room.scheduled_at ? <time dateTime={room.scheduled_at}>{format.dateTime(room.scheduled_at)}</time> : null}
      {room.state === "scheduled" ? (
        <>
          <BookButton creatorId={room.creator?.id} roomId={room.id} booked={room.booked} />
          {room.bookings > 0 ? <small data-testid="live-bookings">{t("live.bookings", { count: room.bookings })}</small> : null}
        </>
      ) : null}
      {room.state === "ended" && room.replay_content_id ? (
        <Link className="button" to={`/content/${room.replay_content_id}`}>
          {t("live.replay")}
        </Link>
      ) : null}
      {room.state === "ended" || room.state === "banned" ? (
        <Link className="button button-quiet" to="/live">
          {t("live.others")}
        </Link>
      ) : null}
    </div>
  );
}
