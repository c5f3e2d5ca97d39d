import { useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import type { MediaAsset, Work } from "../api/types";
import { useShop } from "../app/session";
import { useWorkActions } from "./queries";
import { type WorkForm, emptyWork, fromWork, toWorkBody } from "./work-form";

/** A work's form, its saves and its publishing. */
export function useWorkEditor(initial: Work | null) {
  const shop = useShop();
  const client = useQueryClient();
  const actions = useWorkActions(shop.id);
  const [saved, setSaved] = useState<Work | null>(initial);
  const [form, setForm] = useState<WorkForm>(() => (initial ? fromWork(initial) : emptyWork("video")));
  const [media, setMedia] = useState<Map<number, MediaAsset>>(
    () => new Map((initial?.assets ?? []).map((asset) => [asset.id, asset])),
  );
  const [busy, setBusy] = useState<"save" | "publish" | "unpublish" | null>(null);
  const [refusal, setRefusal] = useState<unknown>(null);
  const change = (part: Partial<WorkForm>) => setForm((current) => ({ ...current, ...part }));
  const dirty = useMemo(
    () => JSON.stringify(toWorkBody(form)) !== JSON.stringify(toWorkBody(saved ? fromWork(saved) : emptyWork(form.kind))),
    [form, saved],
  );
  const adopt = (work: Work) => {
    setSaved(work);
    setForm(fromWork(work));
    client.setQueryData(["work", shop.id, work.id], work);
  };
  /** What was changed besides the form: the form keeps what is typed. */
  const take = (work: Work) => {
    setSaved(work);
    client.setQueryData(["work", shop.id, work.id], work);
  };
  const run = async (kind: NonNullable<typeof busy>): Promise<Work | null> => {
    setBusy(kind);
    setRefusal(null);
    try {
      let work = saved;
      if (!work) work = await actions.create(toWorkBody(form));
      else if (dirty) work = await actions.update(work, toWorkBody(form));
      adopt(work);
      if (kind === "publish") work = await actions.publish(work.id);
      if (kind === "unpublish") work = await actions.unpublish(work.id);
      adopt(work);
      return work;
    } catch (error) {
      setRefusal(error);
      return null;
    } finally {
      setBusy(null);
      void actions.refresh();
    }
  };
  const noteReady = (asset: MediaAsset) => setMedia((current) => new Map(current).set(asset.id, asset));
  const shown = form.asset_ids.map((id) => media.get(id)).filter((asset) => asset !== undefined);
  return { saved, form, change, dirty, busy, refusal, setRefusal, run, adopt, take, noteReady, shown, actions };
}

export type WorkEditorState = ReturnType<typeof useWorkEditor>;
