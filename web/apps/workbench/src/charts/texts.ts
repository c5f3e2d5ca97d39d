export const charts = {
  "zh-CN": { numbers: "以表格查看数字" },
  en: { numbers: "The numbers as a table" },
};
