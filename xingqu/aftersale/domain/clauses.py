"""The rules a verdict rests on, beside the decision: each with what it says. The law is paraphrased; its article is named. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Clause:
    code: str
    source: str
    text: str
    text_en: str


CLAUSES: tuple[Clause, ...] = (
    Clause(
        "quality",
        "《消费者权益保护法》第二十四条",
        "商品不符合质量要求的，消费者可以依照国家规定、当事人约定退货，或者要求经营者更换、修理；"
        "没有国家规定和当事人约定的，收到商品之日起七日内可以退货。经营者应当承担运输等必要费用。",
        "Goods below quality: the buyer may return them, or have them exchanged or repaired; without other agreement, return within "
        "seven days of receipt. The trader bears the necessary transport costs.",
    ),
    Clause(
        "no_reason",
        "《消费者权益保护法》第二十五条",
        "网络销售的商品，消费者有权自收到商品之日起七日内退货且无需说明理由，商品应当完好；"
        "定作的、鲜活易腐的、已拆封的数字化商品、交付的报刊，以及经确认不宜退货的商品除外。退回运费由消费者承担，另有约定的除外。",
        "Goods bought online may be returned within seven days of receipt without a reason if they are intact; made to order, "
        "perishable, opened digital goods and press are excepted. The buyer bears the return freight unless agreed otherwise.",
    ),
    Clause(
        "intact",
        "《网络购买商品七日无理由退货暂行办法》第八条、第九条",
        "商品能够保持原有品质、功能，商品本身、配件、商标标识齐全的，视为商品完好；为检查、试用而打开包装或合理调试不影响完好。",
        "Goods are intact when quality and function are kept and parts and labels are complete; opening and reasonable trying "
        "does not change that.",
    ),
    Clause(
        "delivery_risk",
        "《民法典》第五百一十二条、第六百零四条",
        "网络交易商品采用快递物流方式交付的，收货人的签收时间为交付时间；交付之前毁损、灭失的风险由出卖人承担。",
        "Goods sent by carrier are delivered when the receiver signs for them; until then loss or damage is the seller's risk.",
    ),
    Clause(
        "description",
        "《电子商务法》第十七条",
        "电子商务经营者应当全面、真实、准确、及时地披露商品或者服务信息，保障消费者的知情权和选择权。",
        "Traders must state what they sell completely, truly, exactly and in time.",
    ),
    Clause(
        "fraud",
        "《消费者权益保护法》第五十五条",
        "经营者提供商品有欺诈行为的，应当按照消费者的要求增加赔偿其受到的损失，增加赔偿的金额为购买商品价款的三倍，不足五百元的为五百元。",
        "A trader who deceives owes, at the buyer's request, damages of three times the price, at least 500 yuan.",
    ),
    Clause(
        "burden",
        "《消费者权益保护法》第二十三条第三款",
        "耐用商品或者装饰装修等服务，消费者自接受之日起六个月内发现瑕疵，发生争议的，由经营者承担有关瑕疵的举证责任。",
        "For durable goods with a flaw found within six months the trader bears the burden of proof.",
    ),
    Clause(
        "buyer_use",
        "平台售后规则·人为损坏",
        "有证据证明商品因买家使用不当、自行改动或人为损坏而不能恢复原状的，商家可以不接受退货。",
        "House rule, damage by the buyer: goods shown to be damaged or altered by the buyer need not be taken back.",
    ),
    Clause(
        "no_evidence",
        "平台售后规则·逾期举证",
        "一方未在期限内举证的，平台依据另一方的陈述和已有证据作出判定。",
        "House rule, late evidence: when one side gives none in time, the platform decides by what the other side gave.",
    ),
    Clause(
        "agreement",
        "平台售后规则·双方协商",
        "双方在平台介入期间达成一致的，按协商结果处理。",
        "House rule, agreement: what both agree on while the platform looks into it is what is done.",
    ),
)
BY_CODE = {clause.code: clause for clause in CLAUSES}
