import { DownloadOutlined, FileExcelOutlined, FileTextOutlined } from "@ant-design/icons";
import { useTranslation } from "@xingqu/i18n";
import { Button, Dropdown, type MenuProps } from "antd";
import { type Query, apiAddress } from "../api/http";

interface ExportButtonProps {
  /** The list's address; its files stand there with an ending. */
  path: string;
  /** The filters on screen: the file has the same rows, of all pages. */
  query?: Query;
  testId: string;
  /** Further files of the page. */
  more?: NonNullable<MenuProps["items"]>;
  loading?: boolean;
}

/** A list as a file, written by the server row by row, however long it is. */
export function ExportButton({ path, query, testId, more = [], loading = false }: ExportButtonProps) {
  const { t } = useTranslation();
  const file = (kind: "xlsx" | "csv") => (
    <a href={apiAddress(`${path}.${kind}`, query)} download data-testid={`${testId}-${kind}`}>
      {t(`table.file_${kind}`)}
    </a>
  );
  const items = [
    { key: "xlsx", icon: <FileExcelOutlined />, label: file("xlsx") },
    { key: "csv", icon: <FileTextOutlined />, label: file("csv") },
    ...more,
  ];
  return (
    <Dropdown menu={{ items }} trigger={["click"]}>
      <Button icon={<DownloadOutlined />} loading={loading} data-testid={testId}>
        {t("table.export")}
      </Button>
    </Dropdown>
  );
}
