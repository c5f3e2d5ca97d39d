import { useTranslation } from "@xingqu/i18n";
import { type FormEvent, type KeyboardEvent, useDeferredValue, useEffect, useId, useRef, useState } from "react";
import { Icon } from "../kit/Icon";
import { useMedia } from "../kit/useMedia";
import { useSuggestions } from "./queries";

/** Suggests as one types; arrow keys walk the suggestions, Enter searches. */
export function SearchBox({ initial, focusFirst, onSearch }: { initial: string; focusFirst: boolean; onSearch: (text: string) => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState(initial);
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(-1);
  // Another search by the address: back, a suggestion of the page, a saved link.
  const [shown, setShown] = useState(initial);
  if (shown !== initial) {
    setShown(initial);
    setText(initial);
  }
  const listId = useId();
  const touch = useMedia("(pointer: coarse)");
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (focusFirst) input.current?.focus();
  }, [focusFirst]);
  const suggestions = useSuggestions(useDeferredValue(text.trim()));
  const items = open && text.trim() ? (suggestions.data?.items ?? []).slice(0, 8) : [];

  const search = (wanted: string) => {
    const clean = wanted.trim();
    if (!clean) return;
    setText(clean);
    setOpen(false);
    setAt(-1);
    // The keyboard on the screen makes room for what was found; a real one goes on from where it is.
    if (touch) input.current?.blur();
    onSearch(clean);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape") setOpen(false);
    if (items.length === 0) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      setAt((at + step + items.length + 1) % (items.length + 1) === items.length ? -1 : (at + step + items.length) % items.length);
    }
  };
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    search(items[at]?.text ?? text);
  };
  return (
    <form className="search-box" role="search" onSubmit={onSubmit}>
      <Icon name="search" size={18} />
      <input
        type="search"
        value={text}
        ref={input}
        enterKeyHint="search"
        maxLength={80}
        role="combobox"
        aria-expanded={items.length > 0}
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={at >= 0 ? `${listId}-${at}` : undefined}
        aria-label={t("nav.search")}
        placeholder={t("search.placeholder")}
        onChange={(event) => {
          setText(event.target.value);
          setOpen(true);
          setAt(-1);
        }}
        onFocus={() => setOpen(true)}
        onBlur={() => setTimeout(() => setOpen(false), 150)}
        onKeyDown={onKeyDown}
        data-testid="search-input"
      />
      {text ? (
        <button type="button" className="icon-button search-clear" onClick={() => setText("")} aria-label={t("search.clear")}>
          <Icon name="close" size={16} />
        </button>
      ) : null}
      <button type="submit" className="search-go">
        {t("common:actions.search")}
      </button>
      <div id={listId} role="listbox" className="suggestions" hidden={items.length === 0}>
        {items.map((item, index) => (
          <button
            key={item.text}
            id={`${listId}-${index}`}
            type="button"
            role="option"
            aria-selected={index === at}
            tabIndex={-1}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => search(item.text)}
          >
            <Icon name="search" size={14} />
            {item.text}
          </button>
        ))}
      </div>
    </form>
  );
}
