import { useTranslation } from "@xingqu/i18n";
import { Link } from "react-router";
import type { ContentBrief } from "../api/types";

export type Briefs = ReadonlyMap<number, ContentBrief>;

export function briefsOf(contents: ContentBrief[]): Briefs {
  return new Map(contents.map((each) => [each.content_id, each]));
}

/** A content as a line with its cover; leads to its own page. What is not published any more has its number only. */
export function ContentLine({ id, briefs }: { id: number; briefs: Briefs }) {
  const { t } = useTranslation();
  const brief = briefs.get(id);
  return (
    <Link to={`/operator/reach?content=${id}`} className="wb-content-line">
      {brief?.poster_url ? <img src={brief.poster_url} alt="" loading="lazy" width={30} height={40} /> : <span className="wb-content-none" aria-hidden />}
      <span>
        <span className="wb-content-title">{brief?.title || t("operator.content", { id })}</span>
        <small className="wb-muted">
          {brief ? `${brief.creator}${brief.sells ? ` · ${t("operator.sells")}` : ""}` : t("operator.gone")}
        </small>
      </span>
    </Link>
  );
}
