import type { Address } from "@xingqu/client";
import { useTranslation } from "@xingqu/i18n";
import { useState } from "react";
import { AddressForm } from "../checkout/AddressForm";
import { AddressText } from "../checkout/AddressPicker";
import { useAddresses, useDeleteAddress, useSaveAddress } from "../checkout/addresses";
import "../checkout/checkout.css";
import { EmptyState, ErrorState, SkeletonRows } from "../kit/states";
import { showToast } from "../kit/toast";
import { useReport } from "../kit/useReport";
import { PageHead } from "../shell/PageHead";
import { useTitle } from "../shell/useTitle";

export function AddressesPage() {
  const { t } = useTranslation();
  useTitle(t("address.title"));
  const report = useReport();
  const addresses = useAddresses();
  const remove = useDeleteAddress();
  const save = useSaveAddress();
  const [editing, setEditing] = useState<Address | "new" | null>(null);
  const removeWithUndo = (address: Address) => {
    const { recipient, phone, province_id, city_id, district_id, detail, is_default, label } = address;
    const input = { recipient, phone, province_id, city_id, district_id, detail, is_default, label };
    remove.mutate(address.id, {
      onSuccess: () => showToast(t("address.deleted"), { action: { label: t("common:actions.undo"), run: () => save.mutate(input, { onError: report }) } }),
      onError: report,
    });
  };
  return (
    <main className="page page-narrow">
      <PageHead title={t("address.title")} />
      {addresses.isPending ? <SkeletonRows count={3} /> : null}
      {addresses.isError ? <ErrorState error={addresses.error} onRetry={() => void addresses.refetch()} /> : null}
      {addresses.data?.length === 0 ? <EmptyState icon="place" title={t("address.empty")} hint={t("address.empty_hint")} /> : null}
      <ul className="address-list">
        {addresses.data?.map((address) => (
          <li key={address.id} className="card">
            <AddressText address={address} />
            <span className="address-tools">
              <button type="button" className="text-button" onClick={() => setEditing(address)}>
                {t("common:actions.edit")}
              </button>
              <button type="button" className="text-button" onClick={() => removeWithUndo(address)}>
                {t("common:actions.delete")}
              </button>
            </span>
          </li>
        ))}
      </ul>
      {addresses.isSuccess ? (
        <button type="button" className="button button-wide" onClick={() => setEditing("new")} data-testid="address-new">
          {t("address.new")}
        </button>
      ) : null}
      {editing ? (
        <AddressForm
          address={editing === "new" ? null : editing}
          onClose={() => setEditing(null)}
          onSaved={() => {
            setEditing(null);
            showToast(t("address.saved"));
          }}
        />
      ) : null}
    </main>
  );
}
