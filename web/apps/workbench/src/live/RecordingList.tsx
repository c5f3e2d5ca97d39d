import { useFormat, useTranslation } from "@xingqu/i18n";
import type { Recording } from "./queries";
import { lengthOf, sizeOf } from "./recordings";

/** What was recorded of a room: how long, how large, how long it is kept, and the file. */
export function RecordingList({ rows }: { rows: Recording[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (rows.length === 0) return <p className="wb-muted">{t("live.recordings_none")}</p>;
  return (
    <ul className="live-cuts" data-testid="live-recordings">
      {rows.map((row) => (
        <li key={row.id}>
          {format.dateTime(row.started_at)} · {lengthOf(row.duration_ms)} · {sizeOf(row.size_bytes)} · {row.kept_until ? t("live.kept_until", { date: format.date(row.kept_until) }) : t("live.recording_runs")}{" "}
          <a href={row.download_url} download data-testid="live-recording-download">
            {t("live.download")}
          </a>
        </li>
      ))}
    </ul>
  );
}
