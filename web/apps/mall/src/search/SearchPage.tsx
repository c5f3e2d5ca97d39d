import { useTranslation } from "@xingqu/i18n";
import { useEffect, useState } from "react";
import { useNavigate, useSearchParams } from "react-router";
import { Icon } from "../kit/Icon";
import { useDesktop } from "../kit/useMedia";
import { useTitle } from "../shell/useTitle";
import { signals } from "../signals/signals";
import { forgetHistory, readHistory, remember } from "./history";
import { useHotSearches } from "./queries";
import { Results } from "./Results";
import "./search.css";
import { SearchBox } from "./SearchBox";

export function SearchPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const desktop = useDesktop();
  const [search, setSearch] = useSearchParams();
  const q = (search.get("q") ?? "").slice(0, 80);
  useTitle(q || t("nav.search"));
  useEffect(() => {
    if (!q) return;
    remember(q);
    signals.track({ kind: "search", query: q, surface: "search" });
  }, [q]);
  const start = (text: string) => setSearch({ q: text, ...(search.get("kind") ? { kind: search.get("kind")! } : {}) });
  return (
    <main className="page page-search">
      <h1 className="visually-hidden">{q ? t("search.results_for", { query: q }) : t("nav.search")}</h1>
      <div className="search-head">
        {desktop ? null : (
          <button type="button" className="icon-button" onClick={() => navigate(-1)} aria-label={t("common:actions.back")}>
            <Icon name="back" />
          </button>
        )}
        <SearchBox initial={q} focusFirst={q === ""} onSearch={start} />
      </div>
      {q ? <Results q={q} onSearch={start} /> : <Starters onSearch={start} />}
    </main>
  );
}

function Starters({ onSearch }: { onSearch: (text: string) => void }) {
  const { t } = useTranslation();
  const hot = useHotSearches();
  const [past, setPast] = useState(readHistory);
  return (
    <>
      {past.length > 0 ? (
        <section className="starter">
          <h2>
            {t("search.past")}
            <button
              type="button"
              className="icon-button"
              aria-label={t("search.forget")}
              onClick={() => {
                forgetHistory();
                setPast([]);
              }}
            >
              <Icon name="trash" size={16} />
            </button>
          </h2>
          <div className="chips">
            {past.map((text) => (
              <button key={text} type="button" className="chip" onClick={() => onSearch(text)}>
                {text}
              </button>
            ))}
          </div>
        </section>
      ) : null}
      {hot.data && hot.data.items.length > 0 ? (
        <section className="starter">
          <h2>{t("search.hot")}</h2>
          <ol className="hot-list">
            {hot.data.items.slice(0, 12).map((item, index) => (
              <li key={item.text}>
                <button type="button" onClick={() => onSearch(item.text)}>
                  <b className={index < 3 ? "top" : ""}>{index + 1}</b>
                  {item.text}
                </button>
              </li>
            ))}
          </ol>
        </section>
      ) : null}
    </>
  );
}
