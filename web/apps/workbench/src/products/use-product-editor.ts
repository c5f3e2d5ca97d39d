import { ApiError } from "@xingqu/client";
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useMemo, useState } from "react";
import { postForm, put } from "../api/http";
import type { ProductEdit } from "../api/types";
import { useShop } from "../app/session";
import {
  type ProductForm,
  basicsChanged,
  checkForm,
  createProduct,
  emptyForm,
  fromProduct,
  saveBasics,
  saveSkus,
  skusChanged,
} from "./product-form";
import { productKey, useProductActions } from "./queries";

/** A picture in the editor: on the server, or chosen and waiting for the first save. */
export interface EditorPicture {
  key: string;
  url: string;
  id: number | null;
  file: File | null;
}

function picturesOf(product: ProductEdit): EditorPicture[] {
  return product.pictures.map((picture) => ({
    key: `saved-${picture.id}`,
    url: picture.url,
    id: picture.id,
    file: null,
  }));
}

/** The editor's state and its saves: basics, then options and SKUs, then pictures, each only when changed. */
export function useProductEditor(initial: ProductEdit | null) {
  const shop = useShop();
  const client = useQueryClient();
  const actions = useProductActions(shop.id);
  const [saved, setSaved] = useState<ProductEdit | null>(initial);
  const [form, setForm] = useState<ProductForm>(() => (initial ? fromProduct(initial) : emptyForm()));
  const [pictures, setPictures] = useState<EditorPicture[]>(() => (initial ? picturesOf(initial) : []));
  const [busy, setBusy] = useState<"save" | "submit" | "online" | "offline" | null>(null);
  const [refusal, setRefusal] = useState<unknown>(null);
  const savedForm = useMemo(() => (saved ? fromProduct(saved) : emptyForm()), [saved]);
  const problems = useMemo(() => checkForm(form), [form]);
  const picturesChanged =
    pictures.some((picture) => picture.file) ||
    pictures.map((picture) => picture.id).join() !== (saved ? picturesOf(saved) : []).map((picture) => picture.id).join();
  const dirty = basicsChanged(form, savedForm) || skusChanged(form, savedForm) || picturesChanged;
  const change = useCallback((part: Partial<ProductForm>) => setForm((current) => ({ ...current, ...part })), []);

  const adopt = useCallback(
    (product: ProductEdit) => {
      setSaved(product);
      setForm(fromProduct(product));
      setPictures(picturesOf(product));
      setRefusal(null);
      client.setQueryData(productKey(shop.id, product.id), product);
    },
    [client, shop.id],
  );

  const savePictures = async (product: ProductEdit): Promise<ProductEdit> => {
    const base = `/shops/${shop.id}/products/${product.id}/pictures`;
    let current = product;
    const ids: number[] = [];
    for (const picture of pictures) {
      if (picture.id !== null) ids.push(picture.id);
      else if (picture.file) {
        const before = new Set(current.pictures.map((each) => each.id));
        const body = new FormData();
        body.set("file", picture.file);
        current = await postForm<ProductEdit>(base, body);
        const added = current.pictures.find((each) => !before.has(each.id));
        if (added?.id) ids.push(added.id);
      }
    }
    return put<ProductEdit>(base, { picture_ids: ids });
  };

  const saveAll = async (): Promise<ProductEdit> => {
    let product = saved;
    if (!product) product = await createProduct(shop.id, form);
    else if (basicsChanged(form, savedForm)) product = await saveBasics(shop.id, product, form);
    // Kept step by step: when a later step is refused, the earlier ones are known to stand.
    setSaved(product);
    if (!saved || skusChanged(form, savedForm)) product = await saveSkus(shop.id, product, form);
    setSaved(product);
    if (picturesChanged) product = await savePictures(product);
    adopt(product);
    return product;
  };

  const run = async (kind: NonNullable<typeof busy>, online = false): Promise<ProductEdit | null> => {
    setBusy(kind);
    setRefusal(null);
    try {
      let product = dirty || !saved ? await saveAll() : saved;
      if (kind !== "save") {
        product = (await actions.act(product.id, kind, online)) as ProductEdit;
        adopt(product);
      }
      return product;
    } catch (error) {
      setRefusal(error);
      return null;
    } finally {
      setBusy(null);
      void client.invalidateQueries({ queryKey: ["products", shop.id] });
      void client.invalidateQueries({ queryKey: ["today", shop.id] });
    }
  };

  const conflict = refusal instanceof ApiError && refusal.code === "stale_version";
  /** Someone saved in between: take theirs, or put one's own text onto their version. */
  const takeTheirs = (theirs: ProductEdit) => adopt(theirs);
  const keepMine = (theirs: ProductEdit) => {
    setSaved(theirs);
    setRefusal(null);
  };
  return { saved, form, change, pictures, setPictures, problems, dirty, busy, refusal, conflict, run, takeTheirs, keepMine, adopt };
}

export type ProductEditor = ReturnType<typeof useProductEditor>;
