import type { Language } from "@xingqu/i18n";
import { activities } from "../activities/texts";
import { aftersale } from "../aftersale/texts";
import { agency } from "../agency/texts";
import { alliance } from "../alliance/texts";
import { app } from "../app/texts";
import { batch } from "../batch/texts";
import { bundles } from "../marketing/bundle-texts";
import { charts } from "../charts/texts";
import { comments } from "../comments/texts";
import { collab } from "../collab/texts";
import { content } from "../content/texts";
import { creatorHome } from "../creator-home/texts";
import { deposits } from "../deposits/texts";
import { diagnosis } from "../diagnosis/texts";
import { earnings } from "../earnings/texts";
import { funds } from "../funds/texts";
import { governance } from "../governance/texts";
import { invoices } from "../invoices/texts";
import { live } from "../live/texts";
import { listings } from "../listings/texts";
import { logistics } from "../logistics/texts";
import { marketing } from "../marketing/texts";
import { matching } from "../matching/texts";
import { members } from "../members/texts";
import { messages } from "../messages/texts";
import { onboarding } from "../onboarding/texts";
import { open } from "../openapi/texts";
import { operator } from "../operator/texts";
import { order_marks } from "../order-marks/texts";
import { orders } from "../orders/texts";
import { pools } from "../pools/texts";
import { limits } from "../products/limit-texts";
import { presales } from "../marketing/presale-texts";
import { products } from "../products/texts";
import { reconciliation } from "../reconciliation/texts";
import { stock } from "../stock/texts";
import { reputation } from "../reputation/texts";
import { reviews } from "../reviews/texts";
import { settings } from "../settings/texts";
import { shipping } from "../shipping/texts";
import { shortcuts, table } from "../table/texts";
import { showcase } from "../showcase/texts";
import { taxes } from "../taxes/texts";
import { today } from "../today/texts";

const rooms = {
  activities,
  agency,
  aftersale,
  alliance,
  batch,
  bundles,
  charts,
  comments,
  collab,
  content,
  creator_home: creatorHome,
  deposits,
  diagnosis,
  earnings,
  funds,
  governance,
  limits,
  invoices,
  listings,
  live,
  logistics,
  marketing,
  matching,
  members,
  messages,
  onboarding,
  open,
  operator,
  order_marks,
  orders,
  pools,
  presales,
  products,
  reconciliation,
  reputation,
  reviews,
  settings,
  shipping,
  shortcuts,
  showcase,
  stock,
  table,
  taxes,
  today,
};

function inLanguage(language: Language) {
  const own = Object.fromEntries(Object.entries(rooms).map(([room, texts]) => [room, texts[language]]));
  return { ...app[language], ...own };
}

/** Every text of the workbench; each room's stand in its own folder. */
export const texts = { "zh-CN": inLanguage("zh-CN"), en: inLanguage("en") };
