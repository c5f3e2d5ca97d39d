import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "@xingqu/i18n";
import { Alert, App, Button, Card, Form, Input, Skeleton } from "antd";
import { useState } from "react";
import { get, put } from "../api/http";
import type { FreightRule } from "../api/types";
import { ErrorView } from "../app/ErrorView";
import { errorText, fieldReasons } from "../app/errors";
import { mayEdit } from "../app/rooms";
import { useShop } from "../app/session";
import { moneyToInput, parseMoney } from "../format/money-input";

const FIELDS = ["base_minor", "free_from_minor", "remote_extra_minor"] as const;

type Field = (typeof FIELDS)[number];
type Typed = Record<Field, string>;

function typedFrom(rule: FreightRule): Typed {
  return {
    base_minor: moneyToInput(rule.base_minor),
    free_from_minor: rule.free_from_minor === null ? "" : moneyToInput(rule.free_from_minor),
    remote_extra_minor: moneyToInput(rule.remote_extra_minor),
  };
}

/** The amount of a field in minor units: null for an empty threshold, undefined for what is no amount. */
function minorOf(typed: Typed, name: Field): number | null | undefined {
  if (name === "free_from_minor" && typed[name].trim() === "") return null;
  const parsed = parseMoney(typed[name]);
  return parsed.ok ? parsed.amount_minor : undefined;
}

/** What the shop charges for delivery. */
export function FreightSettings() {
  const { t } = useTranslation();
  const shop = useShop();
  const rule = useQuery({
    queryKey: ["freight", shop.id],
    queryFn: ({ signal }) => get<FreightRule>(`/shops/${shop.id}/freight`, undefined, signal),
  });
  return (
    <Card className="wb-section" title={t("settings.freight")}>
      {rule.isPending && <Skeleton active paragraph={{ rows: 3 }} />}
      {rule.isError && <ErrorView error={rule.error} onRetry={() => void rule.refetch()} />}
      {rule.data && <FreightForm rule={rule.data} />}
    </Card>
  );
}

function FreightForm({ rule }: { rule: FreightRule }) {
  const { t } = useTranslation();
  const shop = useShop();
  const client = useQueryClient();
  const { message } = App.useApp();
  const [typed, setTyped] = useState<Typed>(() => typedFrom(rule));
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<unknown>(null);
  const reasons = fieldReasons(t, refusal);
  const dirty = JSON.stringify(typed) !== JSON.stringify(typedFrom(rule));
  const wrong = FIELDS.some((name) => minorOf(typed, name) === undefined);
  const save = async () => {
    setBusy(true);
    setRefusal(null);
    try {
      const body = Object.fromEntries(FIELDS.map((name) => [name, minorOf(typed, name)]));
      const saved = await put<FreightRule>(`/shops/${shop.id}/freight`, body);
      client.setQueryData(["freight", shop.id], saved);
      setTyped(typedFrom(saved));
      void message.success(t("settings.saved"));
    } catch (error) {
      setRefusal(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Form layout="vertical" onFinish={() => void save()} disabled={!mayEdit(shop.permissions, "settings")}>
      <div className="wb-columns">
        {FIELDS.map((name) => {
          const reason = minorOf(typed, name) === undefined ? t("settings.amount_bad") : reasons.get(name);
          return (
            <Form.Item
              key={name}
              label={t(`settings.freight_field.${name}`)}
              htmlFor={`freight-${name}`}
              {...(reason ? { validateStatus: "error" as const, help: reason } : { extra: t(`settings.freight_help.${name}`) })}
            >
              <Input
                id={`freight-${name}`}
                prefix="¥"
                inputMode="decimal"
                maxLength={12}
                value={typed[name]}
                data-testid={`freight-${name.replace("_minor", "").replace("_", "-")}`}
                onChange={(event) => setTyped((current) => ({ ...current, [name]: event.target.value }))}
              />
            </Form.Item>
          );
        })}
      </div>
      {refusal !== null && reasons.size === 0 && <Alert type="error" showIcon title={errorText(t, refusal)} />}
      <Button type="primary" htmlType="submit" loading={busy} disabled={!dirty || wrong} data-testid="freight-save">
        {t("actions.save")}
      </Button>
    </Form>
  );
}
