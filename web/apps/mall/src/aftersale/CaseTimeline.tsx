import type { AftersaleEvent } from "@xingqu/client";
import { useFormat, useTranslation } from "@xingqu/i18n";

/** All that was done and said, newest first, with each side's evidence. */
export function CaseTimeline({ events }: { events: AftersaleEvent[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <section className="card" data-testid="case-timeline">
      <ol className="timeline case-timeline">
        {[...events].reverse().map((event) => (
          <li key={event.version}>
            <div>
              <b>
                {t(`cases.side.${event.side ?? "system"}`)} · {t(`cases.step.${event.step}`)}
              </b>
              {typeof event.data.reason === "string" ? <p>{t(`cases.refusal.${event.data.reason}`)}</p> : null}
              {event.text ? <p className="case-words">{event.text}</p> : null}
              {typeof event.data.tracking_no === "string" ? <p>{event.data.tracking_no}</p> : null}
              {event.pictures.length > 0 ? (
                <div className="case-pictures">
                  {event.pictures.map((picture, index) => (
                    <a key={picture.id} href={picture.url} target="_blank" rel="noreferrer">
                      <img src={picture.url} width={72} height={72} alt={t("aftersale.picture", { number: index + 1 })} loading="lazy" />
                    </a>
                  ))}
                </div>
              ) : null}
            </div>
            <time dateTime={event.at}>{format.dateTime(event.at)}</time>
          </li>
        ))}
      </ol>
    </section>
  );
}
