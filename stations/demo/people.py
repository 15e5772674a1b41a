"""Three hundred invented people: names put together at random from common and rare characters, by a fixed seed."""

from collections.abc import Iterator
from random import Random

SURNAMES = list(
    "王李张刘陈杨赵黄周吴徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾萧田董袁潘蔡蒋余于杜叶程苏魏吕丁任卢"
    "姚沈钟姜崔谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
    "单仇解查盖区朴翟卜缪仉逄乜"
)
GIVEN_ONE = list("敏静磊洋勇杰涛明辉刚军平丽芳娟霞秀玲萍红波宁浩宇鹏飞亮健斌岚澜泉溪岩松柏桐梅菊荷苗禾穗")
GIVEN_TWO = [
    "守义", "春晓", "向阳", "念慈", "望舒", "知秋", "启明", "长河", "立夏", "小满", "谷雨", "惊蛰", "见山", "听泉",
    "怀瑾", "思齐", "慎言", "笃行", "致远", "若谷", "澄宇", "清和", "景行", "元朗", "子衿", "青禾", "麦穗", "禾苗",
    "大利", "满囤", "来福", "喜旺", "改枝", "巧云", "玉兰", "桂枝", "秋菊", "冬梅", "春霞", "爱莲", "凤娥", "银环",
    "建业", "卫国", "跃进", "爱民", "志强", "海军", "红旗", "新民", "永正", "广田", "水生", "石头", "铁牛", "金锁",
    "一鸣", "大鸣", "文博", "雨桐", "子墨", "梓涵", "浩然", "欣怡", "思远", "嘉禾", "晨曦", "沐阳", "星辰", "云舒",
    "砚耕", "瓷生", "钧儒", "釉卿", "窑林", "禹平", "颍川", "具茨", "方岗", "顺店", "钧台", "古城", "文殊", "鸿畅",
]  # fmt: skip
OCCUPATIONS = [
    "村党支部书记", "社区居委会主任", "乡村教师", "中学教师", "乡镇卫生院医生", "社区护士", "粉条加工户", "粉皮作坊主",
    "钧瓷烧成技师", "钧瓷拉坯工", "铸造车间班长", "模具技工", "中药材种植户", "农机合作社理事长", "养殖户", "果园种植户",
    "公交驾驶员", "快递站点负责人", "电商从业者", "供电所抢修班员", "水利站技术员", "环卫班长", "图书馆馆员", "文化站站员",
    "个体工商户", "小学校长", "律师", "工程师", "林业护林员", "敬老院院长", "退役军人", "银行柜员", "消防志愿者", "建筑工长",
]  # fmt: skip
NATIONS = ["汉族"] * 24 + ["回族"] * 3 + ["蒙古族"]


def people(random: Random, taken: set[str]) -> Iterator[dict[str, str]]:
    """Yield invented people without end: name (not in `taken`), sex, nation, occupation."""
    taken = set(taken)
    while True:
        given = random.choice(GIVEN_ONE) if random.random() < 0.28 else random.choice(GIVEN_TWO)
        name = random.choice(SURNAMES) + given
        if name in taken:
            continue
        taken.add(name)
        yield {
            "name": name,
            "sex": "女" if random.random() < 0.36 else "男",
            "nation": random.choice(NATIONS),
            "occupation": random.choice(OCCUPATIONS),
        }
