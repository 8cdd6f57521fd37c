"""What companies print over the columns of an investment ledger, and around the table."""

from __future__ import annotations

import re

#: Columns of DESIGN section 7 and what else such tables hold.
COLUMNS = (
    "number",
    "category",
    "name",
    "purpose",
    "supplier",
    "contract_number",
    "invoice_kind",
    "invoice_code",
    "invoice_number",
    "issue_date",
    "amount_with_tax",
    "amount_without_tax",
    "tax_amount",
    "payment_number",
    "payment_date",
    "remarks",
)
EXTRA_COLUMNS = (
    "company_name",
    "supplier_taxpayer_id",
    "contract_total",
    "contract_date",
    "payment_amount",
    "payment_method",
    "voucher_number",
    "specification",
    "quantity",
    "quantity_unit",
    "unit_price",
    "tax_rate",
    "location",
    "invoice_amount",
    "other_amount",
)
#: Columns of money, in the unit of the column or the table.
MONEY = frozenset(
    {
        "amount_with_tax",
        "amount_without_tax",
        "tax_amount",
        "contract_total",
        "payment_amount",
        "invoice_amount",
        "other_amount",
    }
)
DATES = frozenset({"issue_date", "payment_date", "contract_date"})

#: Field and what its heading must contain, the first that fits wins. Headings are folded,
#: without their unit, the parts of a two-row heading joined by ``/``.
_HEADINGS: tuple[tuple[str, str], ...] = (
    ("number", r"^(序号?|编号|行次|项次|No\.?|№|序列)$"),
    ("remarks", r"备注|附注|^说明$"),
    ("supplier_taxpayer_id", r"税号|识别号|信用代码"),
    ("contract_total", r"合同.*(金额|总价|总额|价款|价格|价)"),
    ("contract_date", r"合同.*(日期|时间)|^(签订|签约)(日期|时间)$"),
    ("", r"合同.*(名称|内容|标的)"),
    ("contract_number", r"合同.*(号|码)|^合同$|^协议(编)?号$"),
    ("invoice_kind", r"发票.*(类型|种类|类别|票种|属性)|票种|^票据(类型|种类)$"),
    ("issue_date", r"(开票|发票|开具|票据).*(日期|时间|年月)"),
    ("invoice_number", r"(发票|票据|数电|全电)?.*号码|发票.*(编号|号)|^票号$|^票据(编)?号$|^发票$"),
    ("invoice_code", r"发票.*代码|^代码$"),
    ("voucher_number", r"(记账|会计|入账).*(凭证|凭单)|凭证字号"),
    ("", r"(收款|付款).*(账号|帐号|开户行|银行名)"),
    ("supplier", r"收款(单位|方|人|户名|账户名)"),
    ("payment_date", r"(付款|支付|已付|实付|银行|回单|转账|汇款|付讫).*(日期|时间|年月)"),
    ("payment_amount", r"(付款|支付|已付|实付|回单|转账|汇款).*(金额|额|款)|已付款|^(已|实)付$"),
    ("payment_method", r"(付款|支付|结算|转账)(/)?(方式|渠道)"),
    (
        "payment_number",
        r"(付款|支付|银行|回单|转账|汇款|结算).*(号|凭证|凭单|回单|流水)|^(凭证|流水|交易流水)(编)?号码?$|^回单$",
    ),
    ("unit_price", r"单价"),
    ("tax_rate", r"税率|征收率"),
    ("amount_without_tax", r"不含税|未税|除税|税前|未含税|不含增值税|净额"),
    ("tax_amount", r"税额|(?<!含)税金(?!额)|^增值税$|/增值税$|进项税"),
    ("", r"(核定|审定|审核|核减|补助|奖励|预算|计划|概算|未付|尾款|余额).*(金额|额|数)?"),
    ("claimed", r"(申报|计入|认定|纳入).*(金额|额|投资)"),
    ("amount_with_tax", r"价税合计|税价合计|含税"),
    ("invoice_amount", r"(发票|票面|开票).*(金额|总额|合计|额)"),
    ("quantity_unit", r"^(计量)?单位$"),
    ("quantity", r"数量|台数|套数"),
    ("specification", r"规格|型号|参数"),
    (
        "supplier",
        (
            r"供应商|供货|供方|销售方|销方|销货|开票(单位|方|公司|人)|厂家|厂商|卖方|服务商|乙方|承建|"
            r"承包|施工单位|制造商|往来单位|对方(单位|名称|户名)|^单位名称$|^公司名称$|生产(单位|企业)"
        ),
    ),
    ("location", r"地点|位置|(使用|存放|安装)(部门|车间)|资产编号|固定资产"),
    ("category", r"类别|类型|分类|科目|费用项目|投资构成|投资方向|费用名称|大类|性质"),
    ("purpose", r"用途|作用|用于|建设内容|对应"),
    ("invested", r"投资(金额|额|总额)|实际投资|^投资$|投入(金额|额)"),
    ("amount", r"金额|总价|总额|合计|价款|费用|投入"),
    ("name", r"名称|内容|品名|项目|明细|摘要|货物|设备|软件|标的"),
    ("issue_date", r"^(日期|时间)$"),
)
HEADINGS = tuple((field, re.compile(pattern)) for field, pattern in _HEADINGS)

#: Plain headings that an OCR misreading of one character is still taken for.
PLAIN_HEADINGS: tuple[tuple[str, str], ...] = (
    ("category", "费用类别"),
    ("category", "投资类别"),
    ("name", "设备名称"),
    ("name", "项目名称"),
    ("supplier", "供应商"),
    ("supplier", "供应商名称"),
    ("supplier", "销售方名称"),
    ("supplier", "收款单位"),
    ("contract_number", "合同编号"),
    ("contract_number", "合同号"),
    ("invoice_kind", "发票类型"),
    ("invoice_kind", "发票种类"),
    ("invoice_code", "发票代码"),
    ("invoice_number", "发票号码"),
    ("issue_date", "开票日期"),
    ("issue_date", "发票日期"),
    ("amount_with_tax", "价税合计"),
    ("amount_with_tax", "含税金额"),
    ("amount_without_tax", "不含税金额"),
    ("payment_date", "付款日期"),
    ("payment_number", "付款凭证号"),
    ("payment_number", "凭证编号"),
    ("payment_number", "银行回单号"),
    ("payment_amount", "付款金额"),
    ("specification", "规格型号"),
)

#: Headings that only other tables print: bank statements, verification lists, delivery lists.
FOREIGN_HEADING = re.compile(
    r"借方|贷方|余额|交易日期|交易时间|对方账号|查验|应填项|校验码|期末|期初|本年累计|本期|上期|"
    r"验收(结果|结论|情况|数量)|送货|报价|得分|分值"
)
TITLE = re.compile(
    r"投资(费用|额|资金|项目|情况|完成|支出)*(明细|清单|台账|台帐|一览|汇总)|投入(资金|费用)?(明细|清单|台账)|"
    r"项目.{0,8}(支出|费用|资金|经费|购置|采购)(支出|使用)?(明细|清单|台账|台帐|一览)|"
    r"发票(清单|明细|台账|台帐|汇总|一览)|购置.{0,12}(明细|清单|台账)|"
    r"(设备|软件).{0,8}(明细|台账|台帐)|票据清单"
)
FOREIGN_TITLE = re.compile(
    r"销货清单|货物或者?提供应税劳务清单|对账单|交易明细|查验清单|验收(单|报告|清单|记录)|送货单|报价|资产负债|"
    r"利润表|现金流量|合同书|协议书|申报表|入库单|银行流水|科目余额"
)
TOTAL = re.compile(
    r"^(合计|总计|共计|总合计|合计总额|累计|(项目)?(总)?投资(额)?(合计|总计|总额)|全部合计|合计金额)$"
)
SUBTOTAL = re.compile(r"(小计|合计|总计|共计|分计)$|过次页|承前页|^本页(合|小)计")
NOTE = re.compile(
    r"^[\s*※]*(注|备注|说明|填表|填报|制表|编制|审核|复核|负责|单位(负责人|\(盖章\)|公章)|法定代表人|日期|联系|"
    r"经办|申报单位|企业名称|公司名称|财务|声明|承诺|第\d+页|打印|报送)"
)
#: 一、 （一） 1、 before the name of a section.
SECTION = re.compile(
    r"^(第?[一二三四五六七八九十]{1,3}[、.．,)）部]|[(（][一二三四五六七八九十]{1,3}[)）])(分)?(?P<v>.*)$"
)
NUMERAL = re.compile(r"^[(（]?[一二三四五六七八九十]{1,3}[)）]?$")
UNIT = re.compile(r"[(（\[/]?(?:金额)?(?:单位)?[:：]?(?:人民币)?(?P<v>万元|元)[)）\]]?")
UNIT_LINE = re.compile(r"单位[:：]?(?:人民币)?(?P<v>万元|元)")
COMPANY_LABEL = re.compile(
    r"^(?:申报|填报|编制|报送|企业|项目(?:承担|申报|实施|建设|业主)?)?(?:单位|企业|公司)(?:名称|全称)?(?:\((?:盖章|公章|章|签章)\))?[:：](?P<v>.*)$"
)
PROJECT_LABEL = re.compile(r"^项目(?:全)?名称[:：](?P<v>.*)$")
