"""The audit log in plain words: what an action's code says, in both languages. Pure.

A code is a method and an address without its numbers (``POST products/*/online``): a noun by its place, a verb by its end.
"""

NOUNS: dict[str, tuple[str, str]] = {
    "": ("店铺资料", "the shop's profile"),
    "products": ("商品", "a product"),
    "skus": ("商品规格", "a product's options"),
    "pictures": ("图片", "pictures"),
    "stock": ("库存", "stock"),
    "warehouses": ("仓库", "a warehouse"),
    "allotments": ("活动库存", "stock of a campaign"),
    "contents": ("内容", "a content"),
    "assets": ("素材", "a file"),
    "uploads": ("上传文件", "an upload"),
    "coupons": ("优惠券", "a coupon"),
    "full-reductions": ("满减", "a full reduction"),
    "flash-sales": ("秒杀", "a flash sale"),
    "bundles": ("组合套餐", "a bundle"),
    "orders": ("订单", "an order"),
    "mark": ("订单备注", "a mark on an order"),
    "packages": ("包裹", "a package"),
    "pickups": ("上门取件", "a pickup"),
    "aftersales": ("售后单", "an after-sale case"),
    "statements": ("售后留言", "a statement in a case"),
    "return-address": ("退货地址", "the return address"),
    "addresses": ("地址簿", "an address"),
    "chats": ("客服会话", "a conversation"),
    "messages": ("客服消息", "a message"),
    "quick-replies": ("快捷回复", "a quick reply"),
    "settings": ("设置", "the settings"),
    "reviews": ("评价", "a review"),
    "reply": ("评价回复", "a reply to a review"),
    "withdrawals": ("提现", "a withdrawal"),
    "payout-account": ("收款账户", "the bank account"),
    "deposit": ("保证金", "the deposit"),
    "payments": ("保证金支付", "a payment into the deposit"),
    "closing": ("退店", "the closing of the shop"),
    "statement": ("账单", "a statement of account"),
    "members": ("成员", "a member"),
    "roles": ("角色", "a role"),
    "invitations": ("邀请", "an invitation"),
    "owner": ("店铺所有权", "the shop's ownership"),
    "actions": ("操作日志", "the audit log"),
    "views": ("常用筛选", "a saved filter"),
    "freight": ("运费设置", "freight"),
    "templates": ("运费模板", "a freight template"),
    "carriers": ("快递", "a carrier"),
    "cover": ("运费险", "insurance of returns"),
    "open-apps": ("开放应用", "a program"),
    "webhooks": ("推送地址", "a webhook"),
    "webhook-deliveries": ("推送", "a delivery of a webhook"),
    "secret": ("密钥", "a secret"),
    "qualification": ("店铺资质", "the shop's papers"),
    "documents": ("资质图片", "a picture of the papers"),
    "live-rooms": ("直播间", "a live room"),
    "plans": ("推广计划", "a plan of the alliance"),
    "enrolments": ("活动报名", "a product in an activity"),
    "activities": ("招商活动", "an activity"),
    "signed-creators": ("达人合约", "a contract with a creator"),
    "agencies": ("机构合约", "a contract with an agency"),
    "shares": ("分成比例", "a share in a contract"),
    "scopes": ("机构授权", "the rights of an agency"),
    "notice": ("解约通知", "notice to a contract"),
    "payouts": ("佣金提现", "a payout of commission"),
    "links": ("带货链接", "a product to sell"),
    "showcase": ("橱窗", "the showcase"),
    "rate": ("佣金率", "the rates of a plan"),
}
VERBS: dict[str, tuple[str, str]] = {
    "online": ("上架", "put on sale"),
    "offline": ("下架", "took off sale"),
    "submit": ("提交审核", "submitted"),
    "withdraw": ("撤回", "took back"),
    "copy": ("复制", "copied"),
    "batch": ("批量修改", "changed many:"),
    "import": ("导入", "imported"),
    "discard-draft": ("丢弃草稿", "discarded the draft of"),
    "ship": ("发货", "shipped"),
    "ship-batch": ("批量发货", "shipped many:"),
    "split": ("拆分", "split"),
    "merge": ("合并", "merged"),
    "intercept": ("拦截", "intercepted"),
    "approve": ("同意", "approved"),
    "approve-batch": ("批量同意", "approved many:"),
    "offer": ("协商", "made an offer in"),
    "refuse": ("拒绝", "refused"),
    "confirm-return": ("确认退货", "confirmed the return in"),
    "dispute-return": ("质疑退货", "disputed the return in"),
    "ship-replacement": ("补寄", "sent a replacement in"),
    "refund-instead": ("改为退款", "refunded instead in"),
    "submit-evidence": ("提交举证", "submitted evidence in"),
    "publish": ("发布", "published"),
    "hide": ("隐藏", "hid"),
    "report": ("举报", "reported"),
    "appeal": ("申诉", "appealed about"),
    "resend": ("重新发送", "sent again"),
    "replay": ("重新推送", "sent again"),
    "test": ("测试", "tested"),
    "close": ("关闭", "closed"),
    "answer": ("答复", "answered"),
    "review": ("审核", "decided about"),
    "cancel": ("取消", "cancelled"),
    "stop": ("停止", "stopped"),
    "end": ("结束", "ended"),
}
METHODS: dict[str, tuple[str, str]] = {
    "POST": ("新增", "added"),
    "PUT": ("设置", "set"),
    "PATCH": ("修改", "changed"),
    "DELETE": ("删除", "removed"),
    "GET": ("导出", "exported"),
}
WHOLE: dict[str, tuple[str, str]] = {
    "PLATFORM deposit.penalty": (
        "平台扣除保证金或赔付买家",
        "The platform deducted from the deposit or compensated a buyer",
    ),
    "PLATFORM deposit.freeze": ("平台冻结保证金", "The platform froze a part of the deposit"),
    "PLATFORM deposit.decide": ("平台处理冻结的保证金", "The platform decided about the frozen deposit"),
    "POST owner": ("转让店铺", "Handed the shop on"),
    "POST invitations": ("邀请成员", "Invited a member"),
    "DELETE invitations/*": ("撤销邀请", "Revoked an invitation"),
    "DELETE members/*": ("移除成员", "Removed a member"),
    "PATCH members/*": ("修改成员的角色", "Changed a member's role"),
    "POST funds/deposit": ("从余额缴纳保证金", "Paid into the deposit out of the balance"),
    "POST funds/deposit/closing": ("开始退店", "Began to close the shop"),
    "DELETE funds/deposit/closing": ("撤销退店", "Went on after all"),
    "POST funds/withdrawals": ("申请提现", "Asked for a withdrawal"),
}


def words_of(action: str) -> tuple[str, str]:
    """What an action's code says, in Chinese and in English."""
    if action in WHOLE:
        return WHOLE[action]
    method, _, address = action.partition(" ")
    parts = [part.removesuffix(".csv").removesuffix(".xlsx") for part in address.split("/") if part not in ("", "*")]
    last = parts[-1] if parts else ""
    if last in VERBS and method != "GET":
        noun = _noun(parts[-2] if len(parts) > 1 else "")
        verb = VERBS[last]
    else:
        noun, verb = _noun(last), METHODS.get(method, ("操作", "did something to"))
    english = f"{verb[1]} {noun[1]}"
    return f"{verb[0]}{noun[0]}", english[:1].upper() + english[1:]


def _noun(part: str) -> tuple[str, str]:
    return NOUNS.get(part, (part, part.replace("-", " ")))
