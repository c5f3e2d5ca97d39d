import { lazy } from "react";
import { useShop } from "../app/session";
import TodayPage from "../today/TodayPage";
import { AgencyHome } from "./AgencyHome";

const CreatorHome = lazy(() => import("./CreatorHome"));

/** The first room of a workplace, by its kind. */
export default function HomePage() {
  const shop = useShop();
  if (shop.kind === "creator") return <CreatorHome key={shop.id} />;
  return shop.kind === "merchant" ? <TodayPage /> : <AgencyHome />;
}
