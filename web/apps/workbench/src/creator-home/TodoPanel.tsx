import { CheckCircleFilled, RightOutlined } from "@ant-design/icons";
import { useTranslation } from "@xingqu/i18n";
import { Link } from "react-router";
import { roomsFor } from "../app/rooms";
import { useShop } from "../app/session";
import type { PartnerTodo } from "./home";

/** What waits for a creator or an agency, as far as the member may enter the rooms. */
export function TodoPanel({ todos }: { todos: readonly PartnerTodo[] }) {
  const { t } = useTranslation();
  const shop = useShop();
  const rooms = new Set<string>(roomsFor(shop.role, shop.permissions, shop.kind).map((room) => room.name));
  const open = todos.filter((todo) => rooms.has(todo.to.split(/[/?]/)[0]!));
  return (
    <section className="wb-panel wb-todos wb-section" aria-labelledby="partner-todos">
      <h2 id="partner-todos">{t("today.todos")}</h2>
      {open.map((todo) => (
        <Link key={todo.code} to={`/shops/${shop.id}/${todo.to}`} className="wb-todo wb-todo-today" data-testid={`todo-${todo.code}`}>
          <span className="wb-todo-count">{todo.count}</span>
          <span className="wb-todo-words">
            <strong>{t(`creator_home.todo.${todo.code}`, { count: todo.count })}</strong>
            <small className="wb-muted">{t(`creator_home.todo_help.${todo.code}`)}</small>
          </span>
          <RightOutlined aria-hidden />
        </Link>
      ))}
      {open.length === 0 && (
        <p className="wb-all-done">
          <CheckCircleFilled aria-hidden /> {t("today.all_done")}
        </p>
      )}
    </section>
  );
}
