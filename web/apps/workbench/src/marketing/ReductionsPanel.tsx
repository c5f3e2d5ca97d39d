import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { Button, Input, Space, type TableColumnType } from "antd";
import { useState } from "react";
import type { FullReduction } from "../api/types";
import { CreateDialog, Labelled } from "./CreateDialog";
import { ProgrammeList } from "./ProgrammeList";
import { StateActions, StateTag } from "./StateActions";
import { useProgrammeActions, useProgrammes } from "./queries";
import { beginning, daysAhead, minor, spanNow } from "./terms";

const MAX_STEPS = 5;

/** Full-reductions: a shop's goods together reach a sum and lose another. */
export function ReductionsPanel({ base, editable }: { base: string; editable: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const offers = useProgrammes(base, "full-reductions");
  const actions = useProgrammeActions(base, "full-reductions");
  const [creating, setCreating] = useState(false);
  const columns: TableColumnType<FullReduction>[] = [
    { key: "name", title: t("marketing.column.name"), render: (_, row) => <strong>{row.name}</strong> },
    {
      key: "steps",
      title: t("marketing.column.terms"),
      render: (_, row) => row.steps.map((step) => `${t("marketing.from", { sum: format.money(step.threshold) })} ${t("marketing.off", { sum: format.money(step.reduction) })}`).join(" · "),
    },
    { key: "from", title: t("marketing.column.starts_at"), render: (_, row) => format.dateTime(row.starts_at) },
    { key: "until", title: t("marketing.column.ends_at"), render: (_, row) => format.dateTime(row.ends_at) },
    { key: "state", title: t("marketing.column.state"), render: (_, row) => <StateTag state={row.state} /> },
    ...(editable
      ? [{ key: "do", title: t("table.actions"), render: (_: unknown, row: FullReduction) => <StateActions state={row.state} onChange={(state) => actions.change(row.id, state)} /> }]
      : []),
  ];
  return (
    <>
      <ProgrammeList kind="full_reductions" file={`${base}/full-reductions`} query={offers} columns={columns} onCreate={editable ? () => setCreating(true) : null} />
      {creating && <ReductionDialog onCreate={actions.create} onClose={() => setCreating(false)} />}
    </>
  );
}

interface Step {
  threshold: string;
  reduction: string;
}

function ReductionDialog({ onCreate, onClose }: { onCreate: (body: unknown) => Promise<void>; onClose: () => void }) {
  const { t } = useTranslation();
  const [name, setName] = useState("");
  const [from, setFrom] = useState("");
  const [until, setUntil] = useState(() => daysAhead(7, Date.now()));
  const [steps, setSteps] = useState<Step[]>([{ threshold: "200", reduction: "20" }]);
  const typed = steps.map((step) => ({ threshold_minor: minor(step.threshold, 0), reduction_minor: minor(step.reduction, 0) }));
  const rising = typed.every((step, at) => {
    const before = typed[at - 1];
    const inside = (step.reduction_minor ?? 0) > 0 && (step.threshold_minor ?? 0) > (step.reduction_minor ?? 0);
    return inside && (!before || ((before.threshold_minor ?? 0) < step.threshold_minor! && (before.reduction_minor ?? 0) < step.reduction_minor!));
  });
  const wrongSpan = spanNow(from, until);
  const ahead = Object.keys(wrongSpan).length === 0;
  const wrongTime = (tried: boolean, field: string) => {
    const code = tried ? wrongSpan[field] : undefined;
    return code ? t(`marketing.wrong.${code}`) : null;
  };
  const body = () => (name.trim() && rising && ahead ? { name: name.trim(), steps: typed, starts_at: beginning(from), ends_at: new Date(until).toISOString() } : null);
  const change = (at: number, changes: Partial<Step>) => setSteps(steps.map((step, index) => (index === at ? { ...step, ...changes } : step)));
  return (
    <CreateDialog title={t("marketing.create.full_reductions")} body={body} onCreate={onCreate} onClose={onClose}>
      {(tried) => (
        <>
          <Labelled name="name" label={t("marketing.field.name")} problem={tried && !name.trim() ? t("marketing.wrong.missing") : null}>
            <Input id="programme-name" maxLength={40} value={name} onChange={(event) => setName(event.target.value)} />
          </Labelled>
          <Labelled name="step-0" label={t("marketing.field.steps")} problem={tried && !rising ? t("marketing.wrong.steps") : null}>
            {steps.map((step, at) => (
              <Space.Compact key={at} block className="wb-step">
                <Input id={`programme-step-${at}`} prefix="¥" inputMode="decimal" maxLength={12} aria-label={t("marketing.field.threshold")} value={step.threshold} onChange={(event) => change(at, { threshold: event.target.value })} />
                <Input prefix="- ¥" inputMode="decimal" maxLength={12} aria-label={t("marketing.field.discount")} value={step.reduction} onChange={(event) => change(at, { reduction: event.target.value })} />
                <Button icon={<DeleteOutlined />} aria-label={t("marketing.remove_step")} disabled={steps.length === 1} onClick={() => setSteps(steps.filter((_, index) => index !== at))} />
              </Space.Compact>
            ))}
            <Button type="dashed" icon={<PlusOutlined />} disabled={steps.length >= MAX_STEPS} onClick={() => setSteps([...steps, { threshold: "", reduction: "" }])}>
              {t("marketing.add_step")}
            </Button>
          </Labelled>
          <Labelled name="from" label={t("marketing.field.from")} problem={wrongTime(tried, "from")}>
            <Input id="programme-from" type="datetime-local" value={from} onChange={(event) => setFrom(event.target.value)} />
          </Labelled>
          <Labelled name="until" label={t("marketing.column.ends_at")} problem={wrongTime(tried, "until")}>
            <Input id="programme-until" type="datetime-local" value={until} onChange={(event) => setUntil(event.target.value)} />
          </Labelled>
        </>
      )}
    </CreateDialog>
  );
}
