"""Short forms of given names in use in the United States, English and Spanish; written for infotrust, not complete.

A pair of a short and a full form is evidence of its own kind, weighed by what the data show, never an equality.
"""

from __future__ import annotations

from collections import defaultdict

# Full name: its short forms. A short form may belong to several (Alex, Chris, Pat).
_SHORT_FORMS = """
abigail abby abbie gail; abraham abe; addison addie addy; adelaide addie; albert al bert bertie albie; alejandra ale
alex; alejandro ale alex; alexander alex al sasha xander zander alec; alexandra alex sandra lexi sasha allie; alexis
lexi alex; alfonso poncho; alfred al fred freddie; alfredo fredo; alice allie; alicia ali licha; allison ally allie
ali; alyssa aly; amanda mandy; amelia amy millie mia; ana anita; anastasia stacy ana; andrea andi dre; andres andy;
andrew andy drew; angela angie; angelica angie; angelina angie lina; anita ana; ann annie nan; anna annie; annabelle
anna belle; anthony tony ant; antonia toni tona; antonio tono tony; arthur art artie; ashley ash; aubrey bree; audrey
aud; augustus gus; aurora rory; barbara barb babs barbie; beatrice bea trixie; beatriz bety bea; benjamin ben benny
benji; bernard bernie; bradley brad; brandon bran; brianna bri; brittany brit; brooklyn brook; cameron cam; carlos
charly carlitos; carolina caro; caroline carrie carol; carolyn carol lynn; catalina cata lina; catherine cathy kate
katie cat; cecilia ceci; charles charlie chuck chas; charlotte charlie lottie; chloe clo; christian chris; christina
chris chrissy tina christy; christine chris chrissy tina; christopher chris kit topher; clara clarita; claudia clau;
clifford cliff; concepcion concha; cynthia cindy; daniel dan danny dani; daniela dani; danielle dani; david dave
davey; deborah deb debbie; diego yago; dolores lola; donald don donnie; dorothy dot dottie dolly; douglas doug;
eduardo lalo edu eddie; edward ed eddie ted ned; edwin ed eddie; eleanor ellie nell nora; elena lena nena; eleonora
nora; eliana ellie; elias eli; elijah eli; elizabeth liz lizzie beth betty eliza libby bess ellie; ella ellie; emilia
emi emmy; emiliano emi; emily em emmy emmie; emma em emmy; enrique quique kike; esperanza lanza; esteban teban; eugene
gene; eva evie evita; evangeline eva evie; evelyn evie eve; ezekiel zeke; fernanda fer nanda; fernando fer nando;
florence flo; frances fran fanny frannie; francesca fran; francis frank fran; francisca paca pancha; francisco paco
pancho cisco frank; franklin frank; frederick fred freddie; gabriel gabe gabi; gabriela gabi gaby; gabriella gabby
ella; genesis gen; genevieve gen evie; george georgie; gerald gerry jerry; gerardo gera; gertrude trudy gertie; gloria
glo; grace gracie; graciela chela; gregory greg; guadalupe lupe lupita; guillermo memo guille; gustavo gus tavo;
hannah han; harold harry hal; harper harp; harrison harry; helen nell; henry hank harry; herbert herb bert; hope
hopie; ignacio nacho; isaac ike zac; isabel isa bella chabela; isabella bella izzy isa belle; isabelle izzy belle;
isaiah ike zay; jacob jake; jacqueline jackie; james jim jimmy jamie; jane janie; janet jan; jasmine jas jazzy; jason
jay; javier javi; jayden jay; jeffrey jeff; jennifer jen jenny jenn; jeremiah jerry jem; jeremy jerry; jessica jess
jessie; jesus chuy chucho; joaquin quino; joel joe; john johnny jack jon; jonathan jon johnny nathan; jordan jordy;
jorge coque; jose pepe joe chepe pepito; josefina pepa fina; joseph joe joey jo; josephine jo josie; joshua josh;
joyce joy; juan juanito juancho; juana juanita; judith judy; julia julie jules; julian jules; juliana juli; justin
jus; kaitlyn kait katie; katherine kate katie kathy kat kay kit; kathleen kathy katie kay; kathryn kate katie kathy;
kayla kay; kenneth ken kenny; kimberly kim kimmy; kristen kris; kristina kris tina; laura laurie lori; lauren laurie
ren; lawrence larry; layla lay; leonard leo len lenny; leonardo leo nardo; leticia lety; lillian lily lil; lily lil;
linda lindy; lorenzo enzo; louis lou louie; lourdes lulu; lucas luke; lucia lucy lu; lucille lucy; luis lucho luisito;
luz lucita; lydia liddy; mackenzie kenzie mac; madeline maddie maddy; madelyn maddie maddy lyn; madison maddie maddy;
manuel manny manolo; marcos marc; margaret maggie meg peg peggy marge margie greta; margarita rita mago; maria mari
mary mia; mariana mari; marisol mari sol; martha marty; martin marty; mary molly polly mamie; mateo teo; matthew matt
matty; matthias matt; maximilian max; maximiliano max; maxwell max; megan meg; melanie mel; melissa mel missy lisa;
mercedes meche merche; mia mimi; micah mike; michael mike mikey mick mickey; michelle shelly chelle; miguel mike
migue; miriam mim; mitchell mitch; mohamed mo; mohammed mo; monica moni; nancy nan; natalia nat naty talia; natalie
nat; nathan nate nat; nathaniel nate nat nathan; nevaeh nev; nicholas nick nicky nico; nicolas nico; nicole nikki nic;
nora norrie; norman norm; octavio tavo; oliver ollie; olivia liv livvy livia ollie; oscar ozzie; pablo pablito; pamela
pam; patricia pat patty trish tricia paty; patrick pat paddy rick; paul paulie; penelope penny nell; peter pete;
philip phil pip; phillip phil pip; priscilla cilla; rachel rach; rafael rafa ralph; ramon monchi moncho; raul rulo;
raymond ray; rebecca becky becca; refugio cuca cuco; ricardo richie rick rico; richard rick dick rich richie ricky;
riley ry; robert bob bobby rob robbie bert; roberto beto rob; rocio chio; rodrigo rod rodri; roger rog; ronald ron
ronnie; rosa rosita; rosario charo chayo; rose rosie; rosemary rose rosie; ruben rube; russell russ; ryan ry; salvador
chava sal; samantha sam sammie; samuel sam sammy; sandra sandy; santiago santi chago; sarah sally sadie; savannah sav
vanna; scarlett scar; sebastian seb bas sebas; serenity sera; sergio checo; shirley shirl; simon si; socorro coco;
sofia sofi; sophia sophie soph; stanley stan; stella stell; stephanie steph; stephen steve stevie; steven steve
stevie; susan sue susie suzy; susana susi; sydney syd; teresa tere terry; terrence terry; theodore ted teddy theo;
theresa terry tess tessa; thomas tom tommy; timothy tim timmy; tobias toby; tomas tommy; tristan tris; tyler ty;
valentina vale val tina; valeria vale val; valerie val; vanessa nessa; veronica vero ronnie; vicente chente; victor
vic; victoria vicky tori vic; vincent vince vinny; virginia ginny ginger; vivian viv; walter walt wally; wesley wes;
wilfred will fred; william will bill billy willy liam; winifred winnie; wyatt wy; xavier xavi; ximena xime mena;
yolanda yoli; zachary zach zack; zoe zo; zoey zo
"""


def _full_forms() -> dict[str, tuple[str, ...]]:
    found = defaultdict(set)
    for line in _SHORT_FORMS.replace("\n", " ").split(";"):
        full, *short = line.split()
        for form in short:
            found[form].add(full)
    return {form: tuple(sorted(fulls)) for form, fulls in found.items()}


FULL_FORMS = _full_forms()  # short form: the full names it may stand for


def possible_names(name: str) -> frozenset[str]:
    """The name itself and the full names it may stand for; two names that share one may be one person's."""
    return frozenset((name, *FULL_FORMS.get(name, ())))
