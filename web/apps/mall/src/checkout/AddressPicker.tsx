import type { Address, AddressSnapshot } from "@xingqu/client";
import { useTranslation } from "@xingqu/i18n";
import { useState } from "react";
import { Icon } from "../kit/Icon";
import { Sheet } from "../kit/Sheet";
import { EmptyState, ErrorState, SkeletonRows } from "../kit/states";
import { AddressForm } from "./AddressForm";
import { useAddresses } from "./addresses";

/** Choose among one's addresses, or add one. */
export function AddressPicker({ chosenId, onChoose, onClose }: { chosenId: number | null; onChoose: (address: Address) => void; onClose: () => void }) {
  const { t } = useTranslation();
  const addresses = useAddresses();
  const [editing, setEditing] = useState<Address | "new" | null>(null);
  return (
    <>
      <Sheet
        title={t("address.choose")}
        onClose={onClose}
        footer={
          <button type="button" className="button button-wide" onClick={() => setEditing("new")} data-testid="address-new">
            {t("address.new")}
          </button>
        }
      >
        {addresses.isPending ? <SkeletonRows count={2} /> : null}
        {addresses.isError ? <ErrorState error={addresses.error} onRetry={() => void addresses.refetch()} /> : null}
        {addresses.data?.length === 0 ? <EmptyState icon="place" title={t("address.empty")} hint={t("address.empty_hint")} /> : null}
        <ul className="address-list">
          {addresses.data?.map((address) => (
            <li key={address.id} className={address.id === chosenId ? "on" : ""}>
              <button type="button" className="address-choice" onClick={() => onChoose(address)} data-testid="address-choice">
                <AddressText address={address} />
                {address.id === chosenId ? <Icon name="check" size={18} /> : null}
              </button>
              <button type="button" className="text-button" onClick={() => setEditing(address)}>
                {t("common:actions.edit")}
              </button>
            </li>
          ))}
        </ul>
      </Sheet>
      {editing ? (
        <AddressForm
          address={editing === "new" ? null : editing}
          onClose={() => setEditing(null)}
          onSaved={(address) => {
            setEditing(null);
            onChoose(address);
          }}
        />
      ) : null}
    </>
  );
}

export function AddressText({ address }: { address: AddressSnapshot & { is_default?: boolean } }) {
  const { t } = useTranslation();
  return (
    <span className="address-text">
      <span>
        <b>{address.recipient}</b> <span className="muted">{address.phone}</span>
        {address.is_default ? <i className="mark">{t("address.default_mark")}</i> : null}
      </span>
      <span>
        {regionText(address)} {address.detail}
      </span>
    </span>
  );
}

/** A municipality stands as province and city, and is written once. */
function regionText({ province, city, district }: Pick<AddressSnapshot, "province" | "city" | "district">): string {
  return [...new Set([province, city, district])].filter(Boolean).join(" ");
}
