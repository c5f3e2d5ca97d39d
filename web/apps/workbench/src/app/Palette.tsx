import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "@xingqu/i18n";
import { Modal } from "antd";
import { type KeyboardEvent, useDeferredValue, useId, useMemo, useRef, useState } from "react";
import { useNavigate } from "react-router";
import { get } from "../api/http";
import type { MerchantProduct, Page, Session, SessionShop } from "../api/types";
import { type PaletteEntry, matchEntries } from "./palette-match";
import { type Room, mayEdit } from "./rooms";

interface PaletteProps {
  session: Session;
  shop: SessionShop;
  rooms: Room[];
  onClose: () => void;
}

/** Ctrl/⌘ K: jump to a room, a task, a shop, an order by its number or a product by its name. */
export function Palette({ session, shop, rooms, onClose }: PaletteProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const listId = useId();
  const [query, setQuery] = useState("");
  const [active, setActive] = useState(0);
  const listRef = useRef<HTMLDivElement>(null);
  const deferred = useDeferredValue(query.trim());
  const products = useQuery({
    queryKey: ["palette-products", shop.id, deferred],
    queryFn: ({ signal }) =>
      get<Page<MerchantProduct>>(`/shops/${shop.id}/products`, { q: deferred, limit: 5 }, signal),
    enabled: deferred.length >= 2 && rooms.some((room) => room.name === "products"),
    staleTime: 30_000,
  });
  const fixed = usePaletteEntries(session, shop, rooms);
  const entries = useMemo(() => {
    const found = matchEntries(fixed, query);
    const base = `/shops/${shop.id}`;
    if (rooms.some((room) => room.name === "orders") && /^[A-Za-z]*\d{6,}$/.test(query.trim())) {
      found.unshift({
        group: "orders",
        label: t("palette.find_order", { number: query.trim() }),
        to: `${base}/orders?q=${encodeURIComponent(query.trim())}`,
        words: "",
      });
    }
    for (const product of products.data?.items ?? []) {
      found.push({ group: "products", label: product.name, to: `${base}/products/${product.id}`, words: "" });
    }
    return found;
  }, [fixed, query, products.data, rooms, shop.id, t]);
  const go = (entry: PaletteEntry | undefined) => {
    if (!entry) return;
    onClose();
    void navigate(entry.to);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      const next = (active + step + entries.length) % Math.max(entries.length, 1);
      setActive(next);
      listRef.current?.children[next]?.scrollIntoView({ block: "nearest" });
    } else if (event.key === "Enter") go(entries[active]);
  };
  return (
    <Modal open onCancel={onClose} footer={null} closable={false} width={560} className="wb-palette" title={null}>
      <input
        // The palette opens on the person's own key press: the field is what they came for.
        // oxlint-disable-next-line jsx-a11y/no-autofocus
        autoFocus
        className="wb-palette-field"
        role="combobox"
        aria-expanded
        aria-controls={listId}
        aria-activedescendant={entries[active] ? `${listId}-${active}` : undefined}
        aria-label={t("palette.prompt")}
        placeholder={t("palette.prompt")}
        value={query}
        onChange={(event) => {
          setQuery(event.target.value);
          setActive(0);
        }}
        onKeyDown={onKeyDown}
        data-testid="wb-palette-field"
      />
      <div id={listId} role="listbox" aria-label={t("palette.results")} ref={listRef} className="wb-palette-list">
        {entries.map((entry, index) => (
          <button
            type="button"
            role="option"
            tabIndex={-1}
            id={`${listId}-${index}`}
            key={`${entry.group}:${entry.to}`}
            aria-selected={index === active}
            className="wb-palette-entry"
            onMouseMove={() => setActive(index)}
            onClick={() => go(entry)}
          >
            <span>{entry.label}</span>
            <small>{t(`palette.group_${entry.group}`)}</small>
          </button>
        ))}
        {entries.length === 0 && !products.isFetching && <p className="wb-muted wb-palette-none">{t("palette.nothing")}</p>}
      </div>
      <p className="wb-palette-help">{t("palette.help")}</p>
    </Modal>
  );
}

function usePaletteEntries(session: Session, shop: SessionShop, rooms: Room[]): PaletteEntry[] {
  const { t } = useTranslation();
  return useMemo(() => {
    const base = `/shops/${shop.id}`;
    const entries: PaletteEntry[] = rooms.map((room) => ({
      group: "rooms",
      label: t(`rooms.${room.name}`),
      to: `${base}/${room.name}`,
      words: room.name,
    }));
    const action = (room: Room["name"], key: string, path: string, words: string) => {
      if (rooms.some((each) => each.name === room) && mayEdit(shop.permissions, room)) {
        entries.push({ group: "actions", label: t(`palette.${key}`), to: base + path, words });
      }
    };
    action("products", "new_product", "/products/new", "create product new add");
    action("products", "import_products", "/products/import", "import csv bulk");
    action("content", "new_content", "/content/new", "upload video picture new");
    action("orders", "ship_orders", "/orders?tab=to_ship", "ship send parcel");
    action("orders", "ship_batch", "/orders?tab=to_ship&batch=1", "batch ship csv");
    action("members", "add_member", "/members", "invite colleague role");
    for (const each of session.organisations) {
      if (each.id !== shop.id) {
        entries.push({ group: "shops", label: each.name, to: `/shops/${each.id}/today`, words: "shop switch" });
      }
    }
    return entries;
  }, [session, shop, rooms, t]);
}
