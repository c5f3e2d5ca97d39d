import { PlusOutlined } from "@ant-design/icons";
import { useTranslation } from "@xingqu/i18n";
import { Alert, App, Button, Card, Checkbox, Empty, Form, Input, Modal, Select, Skeleton, Tag } from "antd";
import { useState } from "react";
import type { ShopAddress } from "../api/types";
import { ErrorView } from "../app/ErrorView";
import { errorText, fieldReasons } from "../app/errors";
import { mayEdit } from "../app/rooms";
import { useShop } from "../app/session";
import { useLogistics, useRegions, useShopAddresses } from "./queries";

/** Where the shop sends from and takes returns. */
export function AddressesPanel() {
  const { t } = useTranslation();
  const shop = useShop();
  const { message } = App.useApp();
  const addresses = useShopAddresses(shop.id);
  const logistics = useLogistics(shop.id);
  const [editing, setEditing] = useState<ShopAddress | "new" | null>(null);
  const editable = mayEdit(shop.permissions, "settings");
  if (addresses.isPending) return <Skeleton active className="wb-panel" />;
  if (addresses.isError) return <ErrorView error={addresses.error} onRetry={() => void addresses.refetch()} />;
  return (
    <Card
      className="wb-section"
      title={t("logistics.addresses_help")}
      extra={
        editable && (
          <Button type="primary" icon={<PlusOutlined />} onClick={() => setEditing("new")} data-testid="address-new">
            {t("logistics.new_address")}
          </Button>
        )
      }
    >
      {addresses.data.length === 0 && <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t("logistics.no_addresses")} />}
      {addresses.data.map((one) => (
        <div key={one.id} className="wb-row-between" data-testid="shop-address">
          <p>
            {one.recipient} {one.phone} {one.sends && <Tag color="blue">{t("logistics.sends")}</Tag>} {one.takes_returns && <Tag color="green">{t("logistics.takes_returns")}</Tag>}
            <br />
            {[one.province, one.city, one.district, one.detail].join(" ")}
          </p>
          {editable && (
            <span>
              <Button size="small" type="link" onClick={() => setEditing(one)}>
                {t("logistics.edit")}
              </Button>
              <Button size="small" type="link" danger onClick={() => void logistics.removeAddress(one.id).catch((error: unknown) => void message.error(errorText(t, error)))}>
                {t("logistics.remove")}
              </Button>
            </span>
          )}
        </div>
      ))}
      {editing && <AddressDialog address={editing === "new" ? null : editing} onClose={() => setEditing(null)} />}
    </Card>
  );
}

type Typed = Pick<ShopAddress, "recipient" | "phone" | "detail" | "sends" | "takes_returns"> & { province_id: number | null; city_id: number | null; district_id: number | null };
const EMPTY: Typed = { recipient: "", phone: "", detail: "", sends: true, takes_returns: true, province_id: null, city_id: null, district_id: null };

function AddressDialog({ address, onClose }: { address: ShopAddress | null; onClose: () => void }) {
  const { t } = useTranslation();
  const shop = useShop();
  const logistics = useLogistics(shop.id);
  const [typed, setTyped] = useState<Typed>(() => address ?? EMPTY);
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<unknown>(null);
  const reasons = fieldReasons(t, refusal);
  const provinces = useRegions(null);
  const cities = useRegions(typed.province_id, typed.province_id !== null);
  const districts = useRegions(typed.city_id, typed.city_id !== null);
  const whole = typed.recipient.trim() !== "" && typed.phone.trim() !== "" && typed.detail.trim().length > 1 && typed.district_id !== null;
  const save = async () => {
    setBusy(true);
    setRefusal(null);
    try {
      const { recipient, phone, detail, sends, takes_returns, province_id, city_id, district_id } = typed;
      await logistics.saveAddress({ recipient, phone, detail, sends, takes_returns, province_id, city_id, district_id }, address?.id ?? null);
      onClose();
    } catch (error) {
      setRefusal(error);
    } finally {
      setBusy(false);
    }
  };
  const levels = [
    { name: "province_id", rows: provinces.data, clear: { city_id: null, district_id: null } },
    { name: "city_id", rows: cities.data, clear: { district_id: null } },
    { name: "district_id", rows: districts.data, clear: {} },
  ] as const;
  return (
    <Modal open title={t("logistics.new_address")} onCancel={onClose} onOk={() => void save()} okText={t("actions.save")} cancelText={t("actions.cancel")} confirmLoading={busy} okButtonProps={{ disabled: !whole }}>
      <Form layout="vertical">
        {(["recipient", "phone"] as const).map((name) => (
          <Form.Item key={name} label={t(`logistics.address.${name}`)} htmlFor={`address-${name}`} validateStatus={reasons.get(name) ? "error" : ""} help={reasons.get(name)} required>
            <Input id={`address-${name}`} value={typed[name]} maxLength={name === "phone" ? 20 : 40} onChange={(event) => setTyped({ ...typed, [name]: event.target.value })} />
          </Form.Item>
        ))}
        <div className="wb-columns">
          {levels.map((level) => (
            <Form.Item key={level.name} label={t(`logistics.address.${level.name}`)} htmlFor={`address-${level.name}`} required>
              <Select
                id={`address-${level.name}`}
                value={typed[level.name]}
                onChange={(id: number) => setTyped({ ...typed, ...level.clear, [level.name]: id })}
                showSearch={{ optionFilterProp: "label" }}
                options={(level.rows ?? []).map((region) => ({ value: region.id, label: region.name }))}
              />
            </Form.Item>
          ))}
        </div>
        <Form.Item label={t("logistics.address.detail")} htmlFor="address-detail" required>
          <Input id="address-detail" value={typed.detail} maxLength={200} onChange={(event) => setTyped({ ...typed, detail: event.target.value })} />
        </Form.Item>
        {(["sends", "takes_returns"] as const).map((name) => (
          <Checkbox key={name} checked={typed[name]} onChange={(event) => setTyped({ ...typed, [name]: event.target.checked })}>
            {t(`logistics.${name}`)}
          </Checkbox>
        ))}
      </Form>
      {refusal !== null && reasons.size === 0 && <Alert type="error" showIcon title={errorText(t, refusal)} />}
    </Modal>
  );
}
