/** Refusals of samples and collaborations, in words. */
export const collab_errors_zh = {
  wrong_step: "当前状态下不能这样操作，请刷新查看。",
  not_eligible: "你的数据还达不到这份样品的要求。",
  sample_gone: "样品已经发完。",
  sample_taken: "这份样品你已经申请过了。",
  sample_flagged: "还有其他账号用这个地址申请过样品，请单独核对后再通过。",
  sample_address_abused: "这个地址或手机号已被多个账号用来申请样品，不能再申请。",
  sample_offer_taken: "这个规格已在派样。",
  collaboration_open: "你们已经在谈了，请在那条合作里继续。",
  terms_moved: "条款或金额刚刚变了，请重新查看。",
  not_a_proof: "这个链接里没有你在收样后发布的、带这件商品的作品。",
};

export const collab_errors_en: typeof collab_errors_zh = {
  wrong_step: "This can't be done in the state it is in. Look at it again.",
  not_eligible: "Your figures do not reach what this offer asks for.",
  sample_gone: "No sample is left.",
  sample_taken: "You have asked for this sample already.",
  sample_flagged: "Other accounts have asked for samples to this address. Look at it, then approve it alone.",
  sample_address_abused: "Too many accounts have asked for samples to this address or phone number.",
  sample_offer_taken: "Samples of this are offered already.",
  collaboration_open: "You are talking with them already. Go on there.",
  terms_moved: "The terms or the amounts have just changed. Look at them again.",
  not_a_proof: "There is no work of yours with this product at this link, published since it was sent.",
};
