import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { ApiError } from "@xingqu/client";
import { createBrowserRouter, RouterProvider } from "react-router";
import { ContentPage, FeedPage } from "./feed/FeedPage";
import { NotFound } from "./shell/NotFound";
import { RouteError } from "./shell/RouteError";
import { Shell } from "./shell/Shell";

const MAX_RETRIES = 2;

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      retry: (count, error) => count < MAX_RETRIES && error instanceof ApiError && error.retryable,
      refetchOnWindowFocus: false,
    },
    mutations: { retry: false },
  },
});

/** The feed comes with the first load; every other page is fetched when it is opened. */
const router = createBrowserRouter([
  {
    element: <Shell />,
    errorElement: <RouteError />,
    children: [
      { path: "/", element: <FeedPage /> },
      { path: "/content/:contentId", element: <ContentPage /> },
      { path: "/product/:productId", lazy: async () => ({ Component: (await import("./product/ProductPage")).ProductPage }) },
      { path: "/picks/:pickSource", lazy: async () => ({ Component: (await import("./product/PickPage")).PickPage }) },
      { path: "/live", lazy: async () => ({ Component: (await import("./live/LiveRoomsPage")).LiveRoomsPage }) },
      { path: "/live/:roomId", lazy: async () => ({ Component: (await import("./live/LiveRoomPage")).LiveRoomPage }) },
      { path: "/mall", lazy: async () => ({ Component: (await import("./shelf/MallPage")).MallPage }) },
      { path: "/category/:categoryId", lazy: async () => ({ Component: (await import("./shelf/CategoryPage")).CategoryPage }) },
      { path: "/search", lazy: async () => ({ Component: (await import("./search/SearchPage")).SearchPage }) },
      { path: "/cart", lazy: async () => ({ Component: (await import("./cart/CartPage")).CartPage }) },
      { path: "/checkout", lazy: async () => ({ Component: (await import("./checkout/CheckoutPage")).CheckoutPage }) },
      { path: "/pay", lazy: async () => ({ Component: (await import("./checkout/PayPage")).PayPage }) },
      { path: "/pay/wait", lazy: async () => ({ Component: (await import("./checkout/PayWaitPage")).PayWaitPage }) },
      { path: "/pay/return", lazy: async () => ({ Component: (await import("./checkout/PayReturnPage")).PayReturnPage }) },
      { path: "/orders", lazy: async () => ({ Component: (await import("./orders/OrdersPage")).OrdersPage }) },
      { path: "/orders/:orderNo", lazy: async () => ({ Component: (await import("./orders/OrderPage")).OrderPage }) },
      { path: "/orders/:orderNo/review", lazy: async () => ({ Component: (await import("./orders/ReviewPage")).ReviewPage }) },
      { path: "/orders/:orderNo/aftersale", lazy: async () => ({ Component: (await import("./aftersale/ApplyPage")).ApplyPage }) },
      { path: "/aftersales", lazy: async () => ({ Component: (await import("./aftersale/CasesPage")).CasesPage }) },
      { path: "/aftersales/:caseNo", lazy: async () => ({ Component: (await import("./aftersale/CasePage")).CasePage }) },
      { path: "/messages", lazy: async () => ({ Component: (await import("./chat/ChatsPage")).ChatsPage }) },
      { path: "/messages/:chatId", lazy: async () => ({ Component: (await import("./chat/ChatPage")).ChatPage }) },
      { path: "/messages/shop/:shopId", lazy: async () => ({ Component: (await import("./chat/ChatPage")).OpenChatPage }) },
      { path: "/me", lazy: async () => ({ Component: (await import("./me/MePage")).MePage }) },
      { path: "/me/interests", lazy: async () => ({ Component: (await import("./me/InterestsPage")).InterestsPage }) },
      { path: "/me/following", lazy: async () => ({ Component: (await import("./me/FollowingPage")).FollowingPage }) },
      { path: "/me/reviews", lazy: async () => ({ Component: (await import("./me/MyReviewsPage")).MyReviewsPage }) },
      { path: "/me/coupons", lazy: async () => ({ Component: (await import("./programmes/MyCouponsPage")).MyCouponsPage }) },
      { path: "/me/invoices", lazy: async () => ({ Component: (await import("./invoice/InvoicesPage")).InvoicesPage }) },
      { path: "/notices", lazy: async () => ({ Component: (await import("./notices/NoticesPage")).NoticesPage }) },
      { path: "/me/addresses", lazy: async () => ({ Component: (await import("./me/AddressesPage")).AddressesPage }) },
      { path: "/creator/:creatorId", lazy: async () => ({ Component: (await import("./content/CreatorPage")).CreatorPage }) },
      { path: "/sign-in", lazy: async () => ({ Component: (await import("./account/AccountPages")).SignInPage }) },
      { path: "/sign-up", lazy: async () => ({ Component: (await import("./account/AccountPages")).SignUpPage }) },
      { path: "/reset-password/:key?", lazy: async () => ({ Component: (await import("./account/AccountPages")).ResetPasswordPage }) },
      { path: "/verify-email/:key", lazy: async () => ({ Component: (await import("./account/AccountPages")).VerifyEmailPage }) },
      { path: "*", element: <NotFound /> },
    ],
  },
]);

export function App() {
  return (
    <QueryClientProvider client={queries}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  );
}
