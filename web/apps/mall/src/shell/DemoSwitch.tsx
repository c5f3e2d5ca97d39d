import type { Session } from "@xingqu/client";
import { useTranslation } from "@xingqu/i18n";
import { useState } from "react";
import { Icon } from "../kit/Icon";
import { Sheet } from "../kit/Sheet";
import { useReport } from "../kit/useReport";
import { resetEngagement } from "../content/engagement";
import { useDemoRole } from "../session/session";

const ROLES = ["guest", "consumer", "merchant", "creator", "agency", "operator"] as const;

function roleOf(session: Session): (typeof ROLES)[number] {
  if (!session.person) return "guest";
  if (session.person.is_operator) return "operator";
  const kind = session.organisations[0]?.kind;
  if (kind === "creator") return "creator";
  if (kind === "mcn") return "agency";
  return kind ? "merchant" : "consumer";
}

const WORKS = new Set<string>(["merchant", "creator", "agency"]);
const ICONS = { guest: "me", consumer: "me", merchant: "shop", creator: "play", agency: "pictures", operator: "shield" } as const;

/** On a demo only: become one of its people with one click. */
export function DemoSwitch({ session }: { session: Session }) {
  const { t } = useTranslation();
  const report = useReport();
  const [open, setOpen] = useState(false);
  const change = useDemoRole();
  const current = roleOf(session);
  return (
    <>
      <button type="button" className="demo-chip" onClick={() => setOpen(true)} data-testid="demo-chip">
        <i aria-hidden="true" />
        {t("demo.chip", { role: t(`common:roles.${current}`) })}
      </button>
      {open ? (
        <Sheet title={t("demo.title")} onClose={() => setOpen(false)}>
          <p className="muted">{t("demo.hint")}</p>
          <div className="option-list">
            {ROLES.map((role) => (
              <button
                key={role}
                type="button"
                className="option-row"
                aria-pressed={role === current}
                disabled={change.isPending}
                data-testid={`demo-${role}`}
                onClick={() =>
                  change.mutate(role, {
                    onSuccess: () => {
                      resetEngagement();
                      setOpen(false);
                      if (WORKS.has(role)) globalThis.location.assign("/workbench/");
                    },
                    onError: report,
                  })
                }
              >
                <Icon name={ICONS[role]} size={20} />
                <span>
                  {t(`common:roles.${role}`)}
                  <small className="muted">{t(`demo.${role}`)}</small>
                </span>
                {role === current ? <Icon name="check" size={18} /> : null}
              </button>
            ))}
          </div>
        </Sheet>
      ) : null}
    </>
  );
}
