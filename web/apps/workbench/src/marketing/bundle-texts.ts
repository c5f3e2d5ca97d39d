export const bundles = {
  "zh-CN": {
    price: "套装价 / 单买",
    price_of: "套装价（单买共 {{sum}}）",
    available: "可售套数",
    parts: "套装里的规格和件数",
    units: "件数",
    remove: "移除 {{name}}",
    rule: "买家凑齐就自动按套装价；套装价按各件原价分摊到每一行，退款、佣金、对账都按行走。满减和券按套装价计算；秒杀价的商品不进套装，系统取更省的一种。库存以各件中最少的为准。",
    reason: { part_gone: "有规格已下架或删除", sold_out: "有规格库存不足", no_saving: "单买不比套装贵" },
    wrong: { parts: "至少 2 件、最多 99 件，最多 10 个规格", price: "应大于 0，且低于单买总价" },
  },
  en: {
    price: "Set / apart",
    price_of: "Price of the set ({{sum}} apart)",
    available: "Sets left",
    parts: "SKUs and units in the set",
    units: "Units",
    remove: "Remove {{name}}",
    rule: "Whoever has all parts gets the price of the set. It is split over the lines by the parts' own prices, so refunds, commission and statements go by line. Full reductions and coupons count the price of the set; what has a flash price is in no set, and the buyer gets the cheaper of the two. There are as many sets as the scarcest part allows.",
    reason: { part_gone: "A part is off the shelf or gone", sold_out: "A part is out of stock", no_saving: "The parts cost no more apart" },
    wrong: { parts: "2 to 99 units of at most 10 SKUs", price: "Above 0, and below what the parts cost apart" },
  },
};
