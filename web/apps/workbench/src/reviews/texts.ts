export const reviews = {
  "zh-CN": {
    show: { all: "全部", unanswered: "未回复", low: "中差评" },
    score: "{{score}} 星",
    empty: "还没有评价",
    empty_help: "买家确认收货后可以评价，评价会出现在这里。",
    reply: "回复",
    reply_example: "感谢对方，回应具体的问题。所有人都能看到。",
    your_reply: "商家回复：",
    replied: "已回复",
  },
  en: {
    show: { all: "All", unanswered: "Unanswered", low: "3 stars or less" },
    score: "{{score}} stars",
    empty: "No reviews yet",
    empty_help: "Buyers can review after they confirm receipt; their reviews appear here.",
    reply: "Reply",
    reply_example: "Thank the buyer and answer what they raise. Everyone can read it.",
    your_reply: "Shop's reply:",
    replied: "Reply published",
  },
};
