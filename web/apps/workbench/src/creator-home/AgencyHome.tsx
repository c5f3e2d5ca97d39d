import { useFormat, useTranslation } from "@xingqu/i18n";
import { Button } from "antd";
import { Link } from "react-router";
import { PageHead } from "../app/PageHead";
import { useShop } from "../app/session";
import { MoneyTiles } from "../earnings/MoneyTiles";
import { TodoPanel } from "./TodoPanel";
import { agencyTodos } from "./home";
import { useAgencyDesks } from "./queries";

/** An agency's first room: who works here, and where to go on. */
export function AgencyHome() {
  const { t } = useTranslation();
  const format = useFormat();
  const shop = useShop();
  const desks = useAgencyDesks(shop.id);
  return (
    <div className="wb-page">
      <PageHead title={t("rooms.today")} note={<span className="wb-muted">{t("today.note", { shop: format.named(shop) })}</span>} />
      <section className="wb-panel wb-start" aria-labelledby="agency-title" data-testid="agency-home">
        <h2 id="agency-title">{t("creator_home.agency_title", { name: format.named(shop) })}</h2>
        <p className="wb-muted">{t("creator_home.agency_help")}</p>
        <Link to={`/shops/${shop.id}/members`}>
          <Button type="primary">{t("creator_home.agency_members")}</Button>
        </Link>
      </section>
      <TodoPanel todos={agencyTodos(desks.contracts, desks.enrolments)} />
      <MoneyTiles shopId={shop.id} />
    </div>
  );
}
