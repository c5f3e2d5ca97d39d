import { useTranslation } from "@xingqu/i18n";
import { App, Button, Input, Skeleton, Switch } from "antd";
import { useState } from "react";
import { ErrorView } from "../app/ErrorView";
import { errorText } from "../app/errors";
import { PortraitView } from "./parts";
import { type Listing, useCreatorActions, useListing, usePortrait } from "./queries";

/** Who watches, follows and buys, as groups; and what shops may see of it. */
export function AudiencePanel({ creatorId, editable }: { creatorId: number; editable: boolean }) {
  const { t } = useTranslation();
  const portrait = usePortrait(creatorId);
  const listing = useListing(creatorId);
  if (portrait.isPending || listing.isPending) return <Skeleton active paragraph={{ rows: 6 }} />;
  if (portrait.isError) return <ErrorView error={portrait.error} onRetry={() => void portrait.refetch()} />;
  if (listing.isError) return <ErrorView error={listing.error} onRetry={() => void listing.refetch()} />;
  return (
    <>
      <section className="wb-panel">
        <h2>{t("matching.portrait")}</h2>
        <PortraitView portrait={portrait.data} />
      </section>
      <ListingForm creatorId={creatorId} first={listing.data} editable={editable} />
    </>
  );
}

function ListingForm({ creatorId, first, editable }: { creatorId: number; first: Listing; editable: boolean }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const { list } = useCreatorActions(creatorId);
  const [draft, setDraft] = useState(first);
  const [busy, setBusy] = useState(false);
  const save = async () => {
    setBusy(true);
    try {
      await list(draft);
      void message.success(t("matching.saved"));
    } catch (error) {
      void message.error(errorText(t, error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <section className="wb-panel">
      <h2>{t("matching.listing")}</h2>
      <p>
        <Switch checked={draft.is_listed} onChange={(is_listed) => setDraft({ ...draft, is_listed })} disabled={!editable} aria-label={t("matching.is_listed")} data-testid="is-listed" /> {t("matching.is_listed")}
      </p>
      <p>
        <Switch checked={draft.shows_exact} onChange={(shows_exact) => setDraft({ ...draft, shows_exact })} disabled={!editable} aria-label={t("matching.shows_exact")} /> {t("matching.shows_exact")}
      </p>
      <Input.TextArea value={draft.intro} onChange={(event) => setDraft({ ...draft, intro: event.target.value })} maxLength={400} disabled={!editable} placeholder={t("matching.intro")} aria-label={t("matching.intro")} />
      {editable && (
        <p>
          <Button type="primary" loading={busy} onClick={() => void save()} data-testid="listing-save">
            {t("actions.save")}
          </Button>
        </p>
      )}
    </section>
  );
}
