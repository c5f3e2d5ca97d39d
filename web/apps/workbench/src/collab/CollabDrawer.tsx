import { useTranslation } from "@xingqu/i18n";
import { App, Button, Drawer, Skeleton, Space } from "antd";
import { useState } from "react";
import { errorText } from "../app/errors";
import { ErrorView } from "../app/ErrorView";
import { CollabBody } from "./CollabBody";
import { BreakOffDialog, DisputeDialog, FundDialog, TurnDownDialog } from "./CollabDialogs";
import { CounterDialog } from "./InviteDialog";
import { type Side, useCollaboration, useCollaborationActions } from "./queries";

const ORDER = ["accept", "fund", "counter", "decline", "withdraw", "dispute", "break_off"] as const;

/** Everything about one collaboration beside the list, with what this side can do now. */
export function CollabDrawer({ root, side, number, onClose }: { root: string; side: Side; number: string | undefined; onClose: () => void }) {
  const { t } = useTranslation();
  const { message, modal } = App.useApp();
  const address = number ? `${root}/collaborations/${number}` : null;
  const found = useCollaboration(root, address);
  const actions = useCollaborationActions(root);
  const [open, setOpen] = useState<string | null>(null);
  const item = found.data;
  const steps = item && side.editable ? ORDER.filter((name) => item.can.includes(name) && (name !== "fund" || side.mayPay)) : [];
  const accept = () => {
    if (!item || !address) return;
    modal.confirm({
      title: t("collab.accept_title"),
      content: t("collab.accept_help", { version: item.terms_version }),
      okText: t("collab.do.accept"),
      cancelText: t("actions.cancel"),
      onOk: () =>
        actions.step(address, "accept", { version: item.version, terms_version: item.terms_version }).then(
          () => void message.success(t("collab.done")),
          (error: unknown) => void message.error(errorText(t, error)),
        ),
    });
  };
  const close = () => setOpen(null);
  const talk = item && address ? { side, address, item, onClose: close } : null;
  return (
    <Drawer
      open={Boolean(number)}
      onClose={onClose}
      size={720}
      title={<span className="wb-mono">{number}</span>}
      data-testid="collab-drawer"
      footer={
        (steps.length > 0 || item?.state === "disputed") && (
          <Space wrap>
            {steps.map((name) => (
              <Button key={name} type={name === "accept" || name === "fund" ? "primary" : "default"} danger={["decline", "withdraw", "break_off"].includes(name)} onClick={() => (name === "accept" ? accept() : setOpen(name))} data-testid={`collab-${name}`}>
                {t(`collab.do.${name}`)}
              </Button>
            ))}
            {item?.state === "disputed" && side.editable && <Button onClick={() => setOpen("statement")}>{t("collab.do.statement")}</Button>}
          </Space>
        )
      }
    >
      {found.isPending && number && <Skeleton active paragraph={{ rows: 10 }} />}
      {found.isError && <ErrorView error={found.error} onRetry={() => void found.refetch()} />}
      {item && address && <CollabBody item={item} side={side.name} address={address} />}
      {talk && open === "counter" && <CounterDialog {...talk} />}
      {talk && open === "fund" && <FundDialog {...talk} />}
      {talk && (open === "decline" || open === "withdraw") && <TurnDownDialog {...talk} name={open} />}
      {talk && open === "break_off" && <BreakOffDialog {...talk} />}
      {talk && (open === "dispute" || open === "statement") && <DisputeDialog {...talk} name={open} />}
    </Drawer>
  );
}
