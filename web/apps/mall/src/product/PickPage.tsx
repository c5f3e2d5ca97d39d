import { useTranslation } from "@xingqu/i18n";
import { Navigate, useParams } from "react-router";
import { ErrorState, Skeleton } from "../kit/states";
import { NotFound } from "../shell/NotFound";
import { PageHead } from "../shell/PageHead";
import { pickedAddress, readPick, usePicked } from "./pick";

/** A creator's short link: on to the product. */
export function PickPage() {
  const { t } = useTranslation();
  const pick = readPick(new URLSearchParams({ pick: useParams().pickSource ?? "" }));
  const picked = usePicked(pick);
  if (pick === null) return <NotFound />;
  if (picked.data) return <Navigate replace to={pickedAddress(picked.data.product_id, pick)} />;
  return (
    <main className="page page-product">
      <PageHead title={t("product.title")} />
      {picked.isError ? <ErrorState error={picked.error} onRetry={() => void picked.refetch()} /> : <Skeleton className="skeleton-product" />}
    </main>
  );
}
