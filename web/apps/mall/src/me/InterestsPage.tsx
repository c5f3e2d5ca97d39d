import type { Interests, InterestTag } from "@xingqu/client";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { useEffect, useRef, useState } from "react";
import { Link } from "react-router";
import { Switch } from "../kit/basics";
import { Icon } from "../kit/Icon";
import { Sheet } from "../kit/Sheet";
import { EmptyState, ErrorState, SkeletonRows } from "../kit/states";
import { showToast } from "../kit/toast";
import { useReport } from "../kit/useReport";
import { useWhyText } from "../feed/why";
import { PageHead } from "../shell/PageHead";
import { useTitle } from "../shell/useTitle";
import { useDeleteMyData, useDeleteTag, useInterests, usePersonalisation, useTagAction } from "./interestQueries";
import "./me.css";

/** What the feed believes about the person, and how to correct it. */
export function InterestsPage() {
  const { t } = useTranslation();
  useTitle(t("interests.title"));
  const interests = useInterests();
  return (
    <main className="page page-narrow">
      <PageHead title={t("interests.title")} />
      {interests.isPending ? <SkeletonRows count={6} /> : null}
      {interests.isError ? <ErrorState error={interests.error} onRetry={() => void interests.refetch()} /> : null}
      {interests.data ? <Loaded interests={interests.data} /> : null}
    </main>
  );
}

function Loaded({ interests }: { interests: Interests }) {
  const { t } = useTranslation();
  const report = useReport();
  const personalisation = usePersonalisation();
  const [pendingDelete, setPendingDelete] = useDelayedDelete();
  const shown = interests.tags.filter((tag) => tag.tag_id !== pendingDelete);
  const live = shown.filter((tag) => !tag.blocked);
  const blocked = shown.filter((tag) => tag.blocked);
  return (
    <>
      <section className="card rows">
        <div className="line-row">
          <span className="line-value">
            <b>{t("interests.personalised")}</b>
            <small className="muted">{interests.personalised ? t("interests.on_hint") : t("interests.off_hint")}</small>
          </span>
          <Switch
            checked={interests.personalised}
            disabled={personalisation.isPending}
            label={t("interests.personalised")}
            testId="personalisation-switch"
            onChange={(next) => personalisation.mutate(next, { onSuccess: () => showToast(next ? t("interests.now_on") : t("interests.now_off")), onError: report })}
          />
        </div>
      </section>
      <h2 className="group-title">{t("interests.yours", { count: live.length })}</h2>
      {live.length === 0 ? (
        <EmptyState icon="tag" title={t("interests.empty")} hint={t("interests.empty_hint")} action={<Link className="button" to="/">{t("pay.to_feed")}</Link>} />
      ) : (
        <ul className="interest-list">
          {live.map((tag) => (
            <TagRow key={tag.tag_id} tag={tag} onDelete={() => setPendingDelete(tag)} />
          ))}
        </ul>
      )}
      {blocked.length > 0 ? (
        <>
          <h2 className="group-title">{t("interests.blocked")}</h2>
          <ul className="interest-list">
            {blocked.map((tag) => (
              <BlockedRow key={tag.tag_id} tag={tag} />
            ))}
          </ul>
        </>
      ) : null}
      <MyData eventCount={interests.event_count} />
    </>
  );
}

const UNDO_MS = 5_000;

/** A deletion waits for as long as it can be undone, and is carried out at the latest when the page is left. */
function useDelayedDelete(): [number | null, (tag: InterestTag) => void] {
  const { t } = useTranslation();
  const format = useFormat();
  const report = useReport();
  const remove = useDeleteTag();
  const [pending, setPending] = useState<number | null>(null);
  const waiting = useRef<{ tagId: number; timer: ReturnType<typeof setTimeout> } | null>(null);
  const carryOut = useRef(() => {});
  useEffect(() => {
    carryOut.current = () => {
      const due = waiting.current;
      if (!due) return;
      clearTimeout(due.timer);
      waiting.current = null;
      remove.mutate(due.tagId, { onSettled: () => setPending((now) => (now === due.tagId ? null : now)), onError: report });
    };
  });
  useEffect(() => {
    const flush = () => carryOut.current();
    globalThis.addEventListener("pagehide", flush);
    return () => {
      globalThis.removeEventListener("pagehide", flush);
      flush();
    };
  }, []);
  const start = (tag: InterestTag) => {
    carryOut.current();
    setPending(tag.tag_id);
    waiting.current = { tagId: tag.tag_id, timer: setTimeout(() => carryOut.current(), UNDO_MS) };
    showToast(t("interests.deleted", { tag: format.named(tag) }), {
      action: {
        label: t("common:actions.undo"),
        run: () => {
          if (waiting.current) clearTimeout(waiting.current.timer);
          waiting.current = null;
          setPending(null);
        },
      },
    });
  };
  return [pending, start];
}

function TagRow({ tag, onDelete }: { tag: InterestTag; onDelete: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const report = useReport();
  const whyText = useWhyText();
  const act = useTagAction();
  const name = format.named(tag);
  const block = () =>
    act.mutate(
      { tagId: tag.tag_id, action: "block" },
      {
        onSuccess: () =>
          showToast(t("why.blocked", { tag: name }), {
            action: { label: t("common:actions.undo"), run: () => act.mutate({ tagId: tag.tag_id, action: "unblock" }, { onError: report }) },
          }),
        onError: report,
      },
    );
  return (
    <li data-testid="interest-tag" data-tag-id={tag.tag_id}>
      <div className="interest-main">
        <b>
          {tag.pinned ? <Icon name="pin" size={14} filled /> : null} {name}
        </b>
        <span className={`weight weight-${tag.words}`}>{whyText.words(tag)}</span>
        <small className="muted">{t(`interests.horizon.${["instant", "mid", "long_term"].includes(tag.horizon) ? tag.horizon : "mid"}`)}</small>
        <span className="weight-bar" aria-hidden="true">
          <i style={{ transform: `scaleX(${Math.min(1, Math.max(0.03, tag.weight))})` }} />
        </span>
      </div>
      <div className="interest-actions">
        <button type="button" className="icon-button" aria-pressed={tag.pinned} aria-label={tag.pinned ? t("interests.unpin", { tag: name }) : t("interests.pin", { tag: name })} title={tag.pinned ? t("interests.unpin", { tag: name }) : t("interests.pin", { tag: name })} onClick={() => act.mutate({ tagId: tag.tag_id, action: tag.pinned ? "unpin" : "pin" }, { onError: report })} data-testid="pin-tag">
          <Icon name="pin" size={18} filled={tag.pinned} />
        </button>
        <button type="button" className="icon-button" aria-label={t("interests.block", { tag: name })} title={t("interests.block", { tag: name })} onClick={block} data-testid="block-tag">
          <Icon name="hide" size={18} />
        </button>
        <button type="button" className="icon-button" aria-label={t("interests.delete", { tag: name })} title={t("interests.delete", { tag: name })} onClick={onDelete} data-testid="delete-tag">
          <Icon name="trash" size={18} />
        </button>
      </div>
    </li>
  );
}

function BlockedRow({ tag }: { tag: InterestTag }) {
  const { t } = useTranslation();
  const format = useFormat();
  const report = useReport();
  const act = useTagAction();
  return (
    <li data-testid="blocked-tag">
      <div className="interest-main">
        <b>{format.named(tag)}</b>
      </div>
      <button type="button" className="button button-small button-quiet" disabled={act.isPending} onClick={() => act.mutate({ tagId: tag.tag_id, action: "unblock" }, { onError: report })}>
        {t("interests.unblock")}
      </button>
    </li>
  );
}

function MyData({ eventCount }: { eventCount: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  const report = useReport();
  const remove = useDeleteMyData();
  const [asking, setAsking] = useState(false);
  return (
    <>
      <h2 className="group-title">{t("interests.data")}</h2>
      <section className="card rows">
        <p className="data-note muted">{t("interests.data_hint", { count: eventCount, text: format.number(eventCount) })}</p>
        <a className="line-row" href="/api/v1/interest/export" download="xingqu-interests.json" data-testid="export-data">
          <Icon name="download" size={20} />
          <span className="line-value">{t("interests.export")}</span>
        </a>
        <button type="button" className="line-row danger" onClick={() => setAsking(true)} data-testid="delete-data">
          <Icon name="trash" size={20} />
          <span className="line-value">{t("interests.delete_all")}</span>
        </button>
      </section>
      {asking ? (
        <Sheet
          title={t("interests.delete_all_ask")}
          onClose={() => setAsking(false)}
          footer={
            <div className="buy-bar">
              <button type="button" className="button button-second" onClick={() => setAsking(false)}>
                {t("interests.keep")}
              </button>
              <button
                type="button"
                className="button button-danger"
                disabled={remove.isPending}
                data-testid="confirm-delete-data"
                onClick={() =>
                  remove.mutate(undefined, {
                    onSuccess: () => {
                      setAsking(false);
                      showToast(t("interests.all_deleted"));
                    },
                    onError: report,
                  })
                }
              >
                {t("interests.delete_all")}
              </button>
            </div>
          }
        >
          <p>{t("interests.delete_all_hint")}</p>
        </Sheet>
      ) : null}
    </>
  );
}
