import { useTranslation } from "@xingqu/i18n";
import { Alert, App, Button, Checkbox, Skeleton, Space } from "antd";
import { useEffect, useState } from "react";
import { Link, useNavigate, useParams } from "react-router";
import type { ProductEdit } from "../api/types";
import { ErrorView } from "../app/ErrorView";
import { PageHead } from "../app/PageHead";
import { errorText, fieldReasons } from "../app/errors";
import { useLeaveGuard } from "../app/leave-guard";
import { readPreference, usePreference } from "../app/preferences";
import { mayEdit } from "../app/rooms";
import { useShop } from "../app/session";
import { WaitingAlert } from "../listings/WaitingAlert";
import { BasicsSection } from "./BasicsSection";
import { ConflictAlert } from "./ConflictAlert";
import { DetailSection } from "./DetailSection";
import { LimitsCard } from "./LimitsCard";
import { PicturesSection } from "./PicturesSection";
import { SaleStateTag } from "./SaleStateTag";
import { SkuSection } from "./SkuSection";
import { reasonsByField } from "./check-reasons";
import { useProduct } from "./queries";
import { useProductEditor } from "./use-product-editor";

export default function ProductPage() {
  const { productId } = useParams();
  const shop = useShop();
  const id = productId === "new" ? null : Number(productId);
  const product = useProduct(shop.id, id);
  if (id !== null && product.isPending) return <Skeleton active paragraph={{ rows: 12 }} className="wb-page" />;
  if (id !== null && product.isError) return <ErrorView error={product.error} onRetry={() => void product.refetch()} />;
  return <Editor key={`${shop.id}-${productId}`} initial={product.data ?? null} />;
}

function Editor({ initial }: { initial: ProductEdit | null }) {
  const { t, i18n } = useTranslation();
  const shop = useShop();
  const navigate = useNavigate();
  const { message } = App.useApp();
  const editor = useProductEditor(initial);
  const [checked, setChecked] = useState(false);
  const editable = mayEdit(shop.permissions, "products");
  const { saved, problems, refusal, busy, run } = editor;
  const allowLeave = useLeaveGuard(editor.dirty && busy === null && editable);
  const reasons = fieldReasons(t, refusal);
  for (const [field, text] of reasonsByField(t, saved?.check_reasons ?? {}, i18n.language)) {
    if (!reasons.has(field)) reasons.set(field, text);
  }
  if (checked) for (const [field, problem] of problems) reasons.set(field, t(`products.problem.${problem}`));
  const go = async (kind: "save" | "submit" | "online" | "offline") => {
    setChecked(true);
    if (kind !== "offline" && problems.size > 0) {
      void message.warning(t("products.fix_marked", { count: problems.size }));
      document.querySelector(".ant-form-item-has-error, .wb-cell-error")?.scrollIntoView({ block: "center", behavior: "smooth" });
      return;
    }
    const product = await run(kind, kind === "submit" && readPreference("online-when-approved", false));
    if (!product) return;
    const rejected = kind === "submit" && Object.keys(product.check_reasons).length > 0;
    const waits = kind === "submit" && product.submission !== null;
    void (rejected ? message.warning(t("products.submit_rejected")) : message.success(waits ? t("listings.submitted_done") : t(`products.done.${kind}`)));
    if (!saved) {
      allowLeave();
      await navigate(`/shops/${shop.id}/products/${product.id}`, { replace: true });
    }
  };
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key === "s" && editable) {
        event.preventDefault();
        void go("save");
      }
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  });
  return (
    <div className="wb-page wb-editor">
      <PageHead
        title={saved ? saved.name : t("products.new")}
        back={<Link to={`/shops/${shop.id}/products`}>{t("products.back")}</Link>}
        note={
          <Space wrap>
            {saved && <SaleStateTag product={saved} />}
            {editor.dirty && <span className="wb-muted" data-testid="product-dirty">{t("products.unsaved")}</span>}
          </Space>
        }
        actions={editable && <EditorActions saved={saved} busy={busy} dirty={editor.dirty} go={(kind) => void go(kind)} />}
      />
      {editor.conflict && saved && <ConflictAlert editor={editor} shopId={shop.id} productId={saved.id} />}
      {refusal !== null && !editor.conflict && (
        <Alert type="error" showIcon title={errorText(t, refusal)} description={t("products.refused_safe")} data-testid="product-refusal" />
      )}
      {saved && <WaitingAlert product={saved} onBack={editor.adopt} />}
      {saved && Object.keys(saved.check_reasons).length > 0 && (
        <Alert type="warning" showIcon title={t("products.rejected_title")} description={t("products.rejected_help")} />
      )}
      <fieldset disabled={!editable || busy !== null} className="wb-editor-body">
        <BasicsSection editor={editor} reasons={reasons} />
        <PicturesSection editor={editor} reason={reasons.get("pictures")} />
        <SkuSection editor={editor} reasons={reasons} />
        {saved && <LimitsCard key={saved.version} product={saved} dirty={editor.dirty} onSaved={editor.adopt} />}
        <DetailSection editor={editor} reasons={reasons} />
      </fieldset>
    </div>
  );
}

interface EditorActionsProps {
  saved: ProductEdit | null;
  busy: string | null;
  dirty: boolean;
  go: (kind: "save" | "submit" | "online" | "offline") => void;
}

function EditorActions({ saved, busy, dirty, go }: EditorActionsProps) {
  const { t } = useTranslation();
  const online = saved?.status === "online";
  // Edits that wait in the draft have to be submitted before they count.
  const approved = saved?.check_status === "approved" && saved.draft_status === "none" && !dirty;
  const waits = saved?.submission != null && !dirty;
  const [listAtOnce, setListAtOnce] = usePreference("online-when-approved", false);
  return (
    <>
      {online && (
        <Button onClick={() => go("offline")} loading={busy === "offline"} data-testid="product-offline">
          {t("products.offline")}
        </Button>
      )}
      <Button onClick={() => go("save")} loading={busy === "save"} disabled={Boolean(saved) && !dirty} data-testid="product-save">
        {t("products.save_draft")}
      </Button>
      {!online && !approved && !waits && (
        <Checkbox checked={listAtOnce} onChange={(event) => setListAtOnce(event.target.checked)} data-testid="product-online-when-approved">
          {t("listings.online_when_approved")}
        </Checkbox>
      )}
      {approved && !online ? (
        <Button type="primary" onClick={() => go("online")} loading={busy === "online"} data-testid="product-online">
          {t("products.online")}
        </Button>
      ) : (
        <Button
          type="primary"
          onClick={() => go("submit")}
          loading={busy === "submit"}
          disabled={(online && approved) || waits}
          data-testid="product-submit"
        >
          {t("products.submit")}
        </Button>
      )}
    </>
  );
}
