import { CheckCircleFilled, RightOutlined } from "@ant-design/icons";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { Button, Skeleton } from "antd";
import type { ReactNode } from "react";
import { Link } from "react-router";
import type { Today } from "../api/types";
import { ErrorView } from "../app/ErrorView";
import { PageHead } from "../app/PageHead";
import { useShop } from "../app/session";
import { GettingStarted } from "./GettingStarted";
import { GmvChange } from "./GmvChange";
import { Definition } from "./Definition";
import { useDeskCounts, useRowCount, useToday, useWorkCounts } from "./queries";
import { type Todo, listTodos } from "./todos";

export default function TodayPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const shop = useShop();
  const today = useToday(shop.id);
  const rejected = useRowCount(shop.id, "products", "rejected");
  const failed = useWorkCounts(shop.id);
  const desks = useDeskCounts(shop.id);
  if (today.isPending) return <Skeleton active paragraph={{ rows: 8 }} className="wb-page" />;
  if (today.isError) return <ErrorView error={today.error} onRetry={() => void today.refetch()} />;
  const todos = listTodos({ today: today.data, rejected: rejected.data ?? 0, failed_media: failed.data?.failed ?? 0, desks });
  return (
    <div className="wb-page">
      <PageHead title={t("rooms.today")} note={<span className="wb-muted">{t("today.note", { shop: format.named(shop) })}</span>} />
      <GettingStarted />
      <div className="wb-today">
        <section className="wb-panel wb-todos" aria-labelledby="todos-title">
          <h2 id="todos-title">{t("today.todos")}</h2>
          {todos.length === 0 ? <AllDone /> : todos.map((todo) => <TodoRow key={todo.code} todo={todo} />)}
        </section>
        <div className="wb-today-side">
          <Figures today={today.data} />
          <GmvChange />
        </div>
      </div>
    </div>
  );
}

function TodoRow({ todo }: { todo: Todo }) {
  const { t } = useTranslation();
  const shop = useShop();
  return (
    <Link to={`/shops/${shop.id}/${todo.to}`} className={`wb-todo wb-todo-${todo.urgency}`} data-testid={`todo-${todo.code}`}>
      <span className="wb-todo-count">{todo.count}</span>
      <span className="wb-todo-words">
        <strong>{t(`today.todo.${todo.code}`, { count: todo.count })}</strong>
        <small className="wb-muted">{t(`today.todo_help.${todo.code}`)}</small>
      </span>
      <RightOutlined aria-hidden />
    </Link>
  );
}

function AllDone() {
  const { t } = useTranslation();
  const shop = useShop();
  return (
    <div className="wb-all-done" data-testid="todos-empty">
      <CheckCircleFilled aria-hidden />
      <p>
        <strong>{t("today.all_done")}</strong>
        <br />
        <span className="wb-muted">{t("today.all_done_help")}</span>
      </p>
      <Link to={`/shops/${shop.id}/content/new`}>
        <Button>{t("content.new")}</Button>
      </Link>
    </div>
  );
}

function Figures({ today }: { today: Today }) {
  const { t } = useTranslation();
  const format = useFormat();
  const shop = useShop();
  const average = today.orders_today > 0 ? Math.round(today.gmv_today.amount_minor / today.orders_today) : null;
  return (
    <section className="wb-figures" aria-label={t("today.figures")}>
      <Figure code="gmv_today" value={format.money(today.gmv_today)} to={`/shops/${shop.id}/orders`} />
      <Figure code="orders_today" value={format.number(today.orders_today)} to={`/shops/${shop.id}/orders`} />
      <Figure
        code="order_value_today"
        value={average === null ? "—" : format.money({ amount_minor: average, currency: today.gmv_today.currency })}
        to={`/shops/${shop.id}/orders`}
      />
      <Figure code="unpaid" value={format.number(today.unpaid)} to={`/shops/${shop.id}/orders?tab=unpaid`} />
    </section>
  );
}

function Figure({ code, value, to }: { code: string; value: ReactNode; to: string }) {
  const { t } = useTranslation();
  return (
    <div className="wb-panel wb-figure" data-testid={`figure-${code}`}>
      <span className="wb-figure-name">
        {t(`today.figure.${code}`)}
        <Definition code={code} />
      </span>
      <Link to={to} className="wb-figure-value wb-number">
        {value}
      </Link>
    </div>
  );
}
