import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "@xingqu/i18n";
import { TreeSelect } from "antd";
import { useState } from "react";
import { get } from "../api/http";
import type { Region } from "../api/types";
import { useRegions } from "./queries";

interface Node {
  id: number;
  pId: number;
  value: number;
  title: string;
  isLeaf: boolean;
  disabled: boolean;
}

/** Provinces and cities in a tree, several of them; those of another zone can't be chosen. */
export function RegionSelect({ value, taken, onChange }: { value: number[]; taken: number[]; onChange: (ids: number[]) => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const provinces = useRegions(null);
  const [cities, setCities] = useState<Node[]>([]);
  const used = new Set(taken);
  const node = (region: Region, pId: number): Node => ({ id: region.id, pId, value: region.id, title: region.name, isLeaf: pId !== 0, disabled: used.has(region.id) });
  const load = async (id: number) => {
    const found = await client.fetchQuery({
      queryKey: ["regions", id],
      queryFn: ({ signal }) => get<Region[]>("/regions", { parent_id: id }, signal),
      staleTime: Number.POSITIVE_INFINITY,
    });
    setCities((now) => [...now.filter((each) => each.pId !== id), ...found.map((region) => node(region, id))]);
  };
  return (
    <TreeSelect
      treeDataSimpleMode
      multiple
      treeCheckStrictly={false}
      showSearch={{ treeNodeFilterProp: "title" }}
      style={{ width: "100%", minWidth: 260 }}
      value={value}
      loading={provinces.isPending}
      placeholder={t("logistics.pick_regions")}
      aria-label={t("logistics.pick_regions")}
      treeData={[...(provinces.data ?? []).map((region) => node(region, 0)), ...cities]}
      loadData={(each) => load(Number(each.value))}
      onChange={(ids: number[]) => onChange(ids)}
    />
  );
}
