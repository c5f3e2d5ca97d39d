import { useIsFetching } from "@tanstack/react-query";
import { Layout, Skeleton } from "antd";
import { Suspense } from "react";
import { Outlet } from "react-router";

/** The page itself. Busy until everything it shows has come for the first time; what is only asked for again isn't told. */
export function Main() {
  const loading = useIsFetching({ predicate: (query) => query.state.data === undefined }) > 0;
  return (
    <Layout.Content id="main" className="wb-main" tabIndex={-1} aria-busy={loading}>
      <Suspense fallback={<Skeleton active paragraph={{ rows: 8 }} className="wb-page" />}>
        <Outlet />
      </Suspense>
    </Layout.Content>
  );
}
