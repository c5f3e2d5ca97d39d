import type { ComponentType } from "react";
import { createBrowserRouter } from "react-router";
import { RouteError } from "./ErrorView";
import { Gate, Landing, Waiting } from "./Gate";

/** Each room is its own download. */
function page(load: () => Promise<{ default: ComponentType }>) {
  return { lazy: async () => ({ Component: (await load()).default }), HydrateFallback: Waiting };
}

export const router = createBrowserRouter(
  [
    { path: "/", Component: Landing, errorElement: <RouteError /> },
    { path: "/open-shop", ...page(() => import("../settings/OpenShopPage")), errorElement: <RouteError /> },
    { path: "/pools/:poolKey", ...page(() => import("../matching/OpenPoolPage")), errorElement: <RouteError /> },
    { path: "/invitations/:token", ...page(() => import("../members/InvitationPage")), errorElement: <RouteError /> },
    {
      path: "/operator",
      ...page(() => import("../operator/OperatorShell")),
      errorElement: <RouteError />,
      children: [
        {
          errorElement: <RouteError />,
          children: [
            { index: true, ...page(() => import("../operator/PeoplePage")) },
            { path: "people", ...page(() => import("../operator/PeoplePage")) },
            { path: "people/:lookupId", ...page(() => import("../operator/PersonPage")) },
            { path: "reach", ...page(() => import("../pools/ReachPage")) },
            { path: "shop-applications", ...page(() => import("../onboarding/ApplicationsPage")) },
            { path: "listings", ...page(() => import("../listings/ListingsPage")) },
            { path: "listings/:reviewId", ...page(() => import("../listings/ListingPage")) },
            { path: "disputes", ...page(() => import("../aftersale/DisputesPage")) },
            { path: "disputes/:caseNo", ...page(() => import("../aftersale/DisputePage")) },
            { path: "aftersale-rules", ...page(() => import("../aftersale/RulesPage")) },
            { path: "collaborations", ...page(() => import("../collab/DisputesPage")) },
            { path: "creators", ...page(() => import("../governance/RestrictionsPage")) },
            { path: "review-cases", ...page(() => import("../reviews/CasesPage")) },
            { path: "review-rules", ...page(() => import("../reviews/RulesPage")) },
            { path: "coupons", ...page(() => import("../marketing/PlatformCouponsPage")) },
            { path: "settlement", ...page(() => import("../funds/SettlementPage")) },
            { path: "deposits", ...page(() => import("../deposits/DepositsPage")) },
            { path: "audits", ...page(() => import("../funds/AuditsPage")) },
            { path: "trainings", ...page(() => import("../operator/TrainingsPage")) },
            { path: "channels", ...page(() => import("../operator/ChannelsPage")) },
            { path: "reconciliation", ...page(() => import("../reconciliation/ReconciliationPage")) },
            { path: "carriers", ...page(() => import("../operator/CarriersPage")) },
            { path: "tax-rules", ...page(() => import("../invoices/TaxRulesPage")) },
            { path: "admission", ...page(() => import("../marketing/AdmissionPage")) },
            { path: "lookups", ...page(() => import("../operator/LookupsPage")) },
          ],
        },
      ],
    },
    {
      path: "/shops/:shopId",
      Component: Gate,
      HydrateFallback: Waiting,
      errorElement: <RouteError />,
      children: [
        {
          errorElement: <RouteError />,
          children: [
            { index: true, Component: Landing },
            { path: "today", ...page(() => import("../creator-home/HomePage")) },
            { path: "diagnosis", ...page(() => import("../diagnosis/DiagnosisPage")) },
            { path: "products", ...page(() => import("../products/ProductsPage")) },
            { path: "products/import", ...page(() => import("../products/ImportPage")) },
            { path: "products/stock", ...page(() => import("../stock/StockPage")) },
            { path: "products/:productId", ...page(() => import("../products/ProductPage")) },
            { path: "content", ...page(() => import("../content/WorksPage")) },
            { path: "content/:contentId", ...page(() => import("../content/WorkPage")) },
            { path: "comments", ...page(() => import("../comments/CommentsPage")) },
            { path: "live", ...page(() => import("../live/LivePage")) },
            { path: "live/:roomId", ...page(() => import("../live/DeskPage")) },
            { path: "marketing", ...page(() => import("../marketing/MarketingPage")) },
            { path: "alliance", ...page(() => import("../alliance/AlliancePage")) },
            { path: "selection", ...page(() => import("../matching/SelectionPage")) },
            { path: "square", ...page(() => import("../matching/SquarePage")) },
            { path: "product-pools", ...page(() => import("../matching/PoolsPage")) },
            { path: "samples", ...page(() => import("../collab/SamplesPage")) },
            { path: "collaborations", ...page(() => import("../collab/CollaborationsPage")) },
            { path: "orders", ...page(() => import("../orders/OrdersPage")) },
            { path: "orders/packing-slips", ...page(() => import("../orders/PackingSlipsPage")) },
            { path: "aftersale", ...page(() => import("../aftersale/AftersalePage")) },
            { path: "shipping", ...page(() => import("../shipping/ShippingPage")) },
            { path: "logistics", ...page(() => import("../logistics/LogisticsPage")) },
            { path: "messages", ...page(() => import("../messages/MessagesPage")) },
            { path: "reviews", ...page(() => import("../reviews/ReviewsPage")) },
            { path: "funds", ...page(() => import("../funds/FundsPage")) },
            { path: "invoices", ...page(() => import("../invoices/InvoicesPage")) },
            { path: "members", ...page(() => import("../members/MembersPage")) },
            { path: "open", ...page(() => import("../openapi/OpenPage")) },
            { path: "members/actions", ...page(() => import("../members/ActionsPage")) },
            { path: "qualification", ...page(() => import("../onboarding/QualificationPage")) },
            { path: "showcase", ...page(() => import("../showcase/ShowcasePage")) },
            { path: "earnings", ...page(() => import("../earnings/EarningsPage")) },
            { path: "agencies", ...page(() => import("../agency/AgenciesPage")) },
            { path: "creators", ...page(() => import("../agency/SignedCreatorsPage")) },
            { path: "activities", ...page(() => import("../activities/ActivitiesPage")) },
            { path: "reputation", ...page(() => import("../reputation/ReputationPage")) },
            { path: "profile", ...page(() => import("../creator-home/ProfilePage")) },
            { path: "settings", ...page(() => import("../settings/SettingsPage")) },
          ],
        },
      ],
    },
  ],
  { basename: "/workbench" },
);
