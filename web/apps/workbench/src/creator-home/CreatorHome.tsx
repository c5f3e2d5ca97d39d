import { PictureOutlined, QuestionCircleOutlined, UserOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { Avatar, Button, Popover, Skeleton, Tag } from "antd";
import type { ReactNode } from "react";
import { Link } from "react-router";
import type { Work } from "../api/types";
import { ErrorView } from "../app/ErrorView";
import { PageHead } from "../app/PageHead";
import { mayEdit } from "../app/rooms";
import { useShop } from "../app/session";
import { useAnchorProducts } from "../content/anchor-products";
import { WORK_STATE_COLOURS } from "../content/states";
import { OwnRestrictions } from "../governance/OwnRestrictions";
import { ReputationCard } from "../reputation/ReputationCard";
import { useWorkCounts } from "../today/queries";
import { creatorTodos, pendingMinor } from "./home";
import { TodoPanel } from "./TodoPanel";
import { type Profile, lastWorksQuery, moneyQuery, profileQuery, useCreatorDesks } from "./queries";

/** A creator's first room: what waits, what was published last, followers and earnings. */
export default function CreatorHome() {
  const { t } = useTranslation();
  const shop = useShop();
  const profile = useQuery(profileQuery(shop.id));
  if (profile.isPending) return <Skeleton active paragraph={{ rows: 8 }} className="wb-page" />;
  if (profile.isError) return <ErrorView error={profile.error} onRetry={() => void profile.refetch()} />;
  const create = mayEdit(shop.permissions, "content") && (
    <Link to={`/shops/${shop.id}/content/new`}>
      <Button type="primary" data-testid="home-new-work">
        {t("content.new")}
      </Button>
    </Link>
  );
  return (
    <div className="wb-page">
      <PageHead title={t("rooms.today")} actions={create} />
      <OwnRestrictions creatorId={profile.data.id} editable={mayEdit(shop.permissions, "content")} />
      <Who profile={profile.data} />
      <ReputationCard creatorId={profile.data.id} />
      <Figures profile={profile.data} />
      <Todos creatorId={profile.data.id} />
      <LastWorks />
    </div>
  );
}

function Who({ profile }: { profile: Profile }) {
  const { t } = useTranslation();
  const shop = useShop();
  return (
    <section className="wb-panel wb-start wb-line wb-wrap" data-testid="creator-home">
      <Avatar alt="" size={56} src={profile.avatar_url || undefined} icon={<UserOutlined />} />
      <span className="wb-todo-words">
        <strong>{profile.display_name}</strong>
        <small className="wb-muted">@{profile.handle}</small>
        <small>{profile.bio || t("creator_home.no_bio")}</small>
      </span>
      {mayEdit(shop.permissions, "profile") && (
        <Link to={`/shops/${shop.id}/profile`}>
          <Button>{t("creator_home.edit_profile")}</Button>
        </Link>
      )}
      <Button href={`/creator/${profile.id}`}>{t("creator_home.see_in_mall")}</Button>
    </section>
  );
}

function Todos({ creatorId }: { creatorId: number }) {
  const shop = useShop();
  const works = useWorkCounts(shop.id);
  const goods = useAnchorProducts(shop.id, "");
  const desks = useCreatorDesks(shop.id, creatorId);
  if (works.data === undefined || goods.data === undefined) return <Skeleton active className="wb-panel" />;
  return <TodoPanel todos={creatorTodos(works.data, goods.data.length, desks)} />;
}

function Figures({ profile }: { profile: Profile }) {
  const { t } = useTranslation();
  const format = useFormat();
  const money = useQuery(moneyQuery(profile.id));
  const currency = money.data?.items[0]?.currency ?? "CNY";
  const sum = (amount_minor: number | undefined) => (amount_minor === undefined ? "—" : format.money({ amount_minor, currency }));
  return (
    <section className="wb-figures" aria-label={t("today.figures")}>
      <Figure code="followers" value={format.number(profile.followers)} />
      <Figure code="works" value={format.number(profile.works)} />
      <Figure code="likes" value={format.number(profile.likes)} />
      <Figure code="pending" value={sum(money.data && pendingMinor(money.data))} />
      <Figure code="balance" value={sum(money.data?.balance_minor)} />
    </section>
  );
}

function Figure({ code, value }: { code: string; value: ReactNode }) {
  const { t } = useTranslation();
  const name = t(`creator_home.figure.${code}`);
  return (
    <div className="wb-panel wb-figure" data-testid={`figure-${code}`}>
      <span className="wb-figure-name">
        {name}
        <Popover title={name} content={<div className="wb-popover">{t(`creator_home.definition.${code}`)}</div>} trigger={["hover", "click"]}>
          <Button type="text" size="small" shape="circle" icon={<QuestionCircleOutlined />} aria-label={t("today.definition_of", { name })} />
        </Popover>
      </span>
      <span className="wb-figure-value wb-number">{value}</span>
    </div>
  );
}

function LastWorks() {
  const { t } = useTranslation();
  const shop = useShop();
  const works = useQuery(lastWorksQuery(shop.id));
  if (works.isError) return <ErrorView error={works.error} onRetry={() => void works.refetch()} />;
  if (!works.data || works.data.length === 0) return null;
  return (
    <section aria-labelledby="last-works">
      <h2 id="last-works">{t("creator_home.last_works")}</h2>
      <ul className="wb-plain-list wb-works">
        {works.data.map((work) => (
          <LastWork key={work.id} work={work} />
        ))}
      </ul>
    </section>
  );
}

function LastWork({ work }: { work: Work }) {
  const { t } = useTranslation();
  const format = useFormat();
  const shop = useShop();
  return (
    <li>
      <Link to={`/shops/${shop.id}/content/${work.id}`} className="wb-work">
        <span className="wb-work-poster">
          {work.poster_url ? <img src={work.poster_url} alt="" loading="lazy" /> : <PictureOutlined aria-hidden />}
          <Tag variant="solid" color={WORK_STATE_COLOURS[work.state]} className="wb-work-state">
            {t(`content.state.${work.state}`)}
          </Tag>
        </span>
        <span className="wb-work-words">
          <strong className="wb-clip-2">{work.title}</strong>
          <span className="wb-muted">
            {t("content.counts", { views: format.compact(work.counts.views), likes: format.compact(work.counts.likes), comments: format.compact(work.counts.comments) })}
          </span>
        </span>
      </Link>
    </li>
  );
}
