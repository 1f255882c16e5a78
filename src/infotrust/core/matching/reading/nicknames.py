"""Short forms of given names in use in the United States, English and Spanish; written for infotrust, not complete.

A pair of a short and a full form is evidence of its own kind, weighed by what the data show, never an equality.
"""

from __future__ import annotations

from collections import defaultdict

# Full name: its short forms. A short form may belong to several (Alex, Chris, Pat).
_SHORT_FORMS = """
abdullah abdul; abdulrahman abdul; abigail abby abbie gail; abraham abe; addison addie addy; adelaide addie; adrian
adri; adriana adri nana; agustin agus tin; albert al bert bertie albie; alberto beto al; alejandra ale alex;
alejandrina ale; alejandro ale alex; aleksandr alex sasha; aleksandra alex sasha; alexander alex al sasha xander
zander alec; alexandra alex sandra lexi sasha allie; alexandria alex lexi; alexis lexi alex; alfonsina poncha; alfonso
poncho; alfred al fred freddie; alfredo fredo; alice allie; alicia ali licha; allison ally allie ali; alma almita;
alvaro varo; alvin al; alyssa aly; amanda mandy; amelia amy millie mia; amparo amparito; ana anita; anabel ana bel;
anastasia stacy ana; anastasiya nastya; andrea andi dre; andres andy; andrew andy drew; angela angie; angelica angie;
angelina angie lina; angelo ange; anita ana; ann annie nan; anna annie; annabelle anna belle; anthony tony ant;
antonella anto; antonia toni tona; antonieta tona toni; antonio tono tony; araceli cheli; archibald archie; arthur art
artie; arturo turo art; ashley ash; aubrey bree; audrey aud; augustine gus; augustus gus; aureliano aure; aurelio aure
yeyo; aurora rory; barbara barb babs barbie; barnabas barney; beatrice bea trixie; beatriz bety bea; belen bel;
belinda bel linda; benjamin ben benny benji; bernard bernie; bernardo berna nando; bertha bertie; blanca blanquita;
bonifacio boni; bradley brad; brandon bran; brianna bri; bridget bridie biddy; brigida brigi; brittany brit; brooklyn
brook; caleb cal; calvin cal; cameron cam; camila cami mila; camilo cami; candace candy; candelaria cande; caridad
cari cachita; carlos charly carlitos; carmela mela; carmelo melo; carmen carmelita carmencita; carolina caro; caroline
carrie carol; carolyn carol lynn; cassandra cass cassie sandy; catalina cata lina; catherine cathy kate katie cat;
cecilia ceci; celestina tina cele; celestino tino cele; celia celi; cesar cesarito; charles charlie chuck chas;
charlotte charlie lottie; chester chet; chloe clo; christian chris; christina chris chrissy tina christy; christine
chris chrissy tina; christopher chris kit topher; clara clarita; clarence clare; claudia clau; clifford cliff;
concepcion concha; constance connie; consuelo chelo; cornelius neil connie; courtney court; crescencio chencho;
cristian cris; cristina cris tina; cristobal cris tobal; curtis curt; cynthia cindy; cyrus cy; damaris dama; damian
dame; daniel dan danny dani; daniela dani; danielle dani; darlene dar; david dave davey; deborah deb debbie; delfina
fina delfi; dennis denny den; desiderio desi; desiree desi dee; diego yago; dionisio nicho; dmitri dima; dolores lola;
domingo mingo txomin; dominic dom nick; donald don donnie; donna donnie; dorothy dot dottie dolly; douglas doug; edgar
ed eddie; edgardo edgar; edith edie; edmund ed ned; eduardo lalo edu eddie; eduvigis vicky; edward ed eddie ted ned;
edwin ed eddie; ekaterina kate katya; eleanor ellie nell nora; elena lena nena; eleonora nora; eliana ellie; elias
eli; elijah eli; elisa eli licha; eliseo eli; elisha eli; elizabeth liz lizzie beth betty eliza libby bess ellie; ella
ellie; elvira elvi; emanuel manu; emilia emi emmy; emiliana emi; emiliano emi; emily em emmy emmie; emma em emmy;
encarnacion encarna; enrique quique kike; enriqueta queta; ephraim eph; epifanio pifas; ernest ernie; ernestine ernie
tina; ernesto neto ernie; esperanza lanza; esteban teban; estefania estefi fani; estela tela; eugene gene; eugenia
geni; eugenio geno; eusebio chebo; eva evie evita; evangeline eva evie; evelyn evie eve; ezekiel zeke; ezequiel
cheque; fabiola fabi faby; faustino tino; federico fede fico; felicia fee licia; feliciano chano; felicity fliss
lissy; felipe lipe pipe; ferdinand ferdie; fernanda fer nanda; fernando fer nando; florence flo flossie; florencia
flor; florentino tino floro; fortunato nato; frances fran fanny frannie; francesca fran; francis frank fran paco;
francisca paca pancha; francisco paco pancho cisco frank; franklin frank; frederick fred freddie; gabriel gabe gabi;
gabriela gabi gaby; gabriella gabby ella; garrett gary; genesis gen; genevieve gen evie; geoffrey jeff geoff; george
georgie; gerald gerry jerry; geraldine gerry geri; gerardo gera gerry; gertrude trudy gertie; gertrudis tula; gideon
gid; gilbert gil bert; gilberto beto gil; giovanni gio vanni; giselle gigi; gloria glo; gonzalo gonza chalo; grace
gracie; graciela chela; gregorio goyo grego; gregory greg; guadalupe lupe lupita; guillermo memo guille; gustavo gus
tavo; hannah han; harold harry hal; harper harp; harriet hattie harry; harrison harry; helen nell; henry hank harry;
herbert herb bert; heriberto beto; hope hopie; hortensia tencha; howard howie; hubert hugh bert; humberto beto;
ibrahim ibra; ignacia nacha; ignacio nacho; ildefonso poncho; inmaculada inma; irene rene; isaac ike zac; isabel isa
bella chabela; isabela isa bella; isabella bella izzy isa belle; isabelle izzy belle; isadora dora issy; isaiah ike
zay; isidoro chilo isi; isidro chilo chiro; jacinto chinto; jacob jake; jacqueline jackie; jacquelyn jackie; jaime
jimmy jim; james jim jimmy jamie; jane janie; janet jan; janice jan; jasmine jas jazzy; jason jay; javier javi javito;
jayden jay; jedidiah jed; jeffrey jeff; jennifer jen jenny jenn; jeremiah jerry jem; jeremy jerry; jerome jerry;
jeronimo jero; jessica jess jessie; jesus chuy chucho jesse; jesusa chucha chuy; jimena jime mena; joan joanie; joanna
jo annie; joanne jo annie; joaquin quino; joel joe; john johnny jack jon; jonah jon; jonathan jon johnny nathan;
jordan jordy; jorge coque george; jose pepe joe chepe pepito chema joselito; josefa pepa chepa; josefina pepa fina
josie chepina; joseph joe joey jo; josephina jo josie; josephine jo josie; joshua josh; josiah joe si; josue josh;
joyce joy; juan juanito juancho john johnny juanjo juanca; juana juanita janie; judah jude; judith judy; julia julie
jules; julian jules; juliana juli; julianne juli jules; julieta juli; julio julito; julius jules; justin jus; kaitlyn
kait katie; karen kari; katarina kat kate; katerina kat kate; katherine kate katie kathy kat kay kit; kathleen kathy
katie kay; kathryn kate katie kathy; kayla kay; kendra ken; kenneth ken kenny; khadija dija; kimberly kim kimmy;
kristen kris; kristina kris tina; krystal krys; laura laurie lori; lauren laurie ren; lawrence larry; layla lay;
leonard leo len lenny; leonardo leo nardo; leonel leo; leonor leo nora; leopoldo polo; leroy roy; leslie les; lester
les; leticia lety; liliana lili; lillian lily lil; lily lil; linda lindy; lorena lore; lorenzo enzo; louis lou louie;
louise lou lulu; lourdes lulu; lucas luke; lucia lucy lu; luciana lu lucy; luciano chano lucho; lucille lucy; lucinda
cindy lucy; luis lucho luisito louie louis; luisa lucha lulu; luz lucita; lydia liddy; mackenzie kenzie mac; madeline
maddie maddy; madelyn maddie maddy lyn; madison maddie maddy; magdalena magda lena malena; malcolm mal; manuel manny
manolo manu manolito; manuela manoli nela; marcela marce chela; marcelino marce lino; marcelo marce chelo; marcos
marc; marcus marc; margaret maggie meg peg peggy marge margie greta; margarita rita mago maggie marga mague; maria
mari mary mia maricarmen marilu maite majo marita mariquita; mariana mari; mariano nano; maricela mari chela; marilyn
mary lyn; marisol mari sol; marjorie marge margie; marta martita; martha marty; martin marty; marvin marv; mary molly
polly mamie; mateo teo; matias mati; matilda tilda tillie mattie; matilde mati; matthew matt matty; matthias matt;
maureen mo reenie; maurice mo; mauricio mau; maximilian max; maximiliano max; maximo max; maxine max; maxwell max;
megan meg; melanie mel; melchor mel; melinda mindy mel; melissa mel missy lisa; mercedes meche merche merced meches;
mia mimi; micaela mica; micah mike; michael mike mikey mick mickey; michelle shelly chelle; miguel mike migue mickey
miguelito; mikhail misha; mildred millie; milton milt; miriam mim; mitchell mitch; modesta mode; mohamed mo; mohammed
mo; monica moni; montgomery monty; muhammad mo; mustafa mo; nancy nan; naomi nomi; natalia nat naty talia; natalie
nat; natalya natasha nata; nathan nate nat; nathaniel nate nat nathan; natividad nati; nelson nels; nevaeh nev;
nicanor nica; nicholas nick nicky nico; nicolas nico; nicole nikki nic; nikolai kolya nick; nora norrie; norberto beto
norbert; norman norm; octavia tavia; octavio tavo; odalys oda; oliver ollie; olivia liv livvy livia ollie oli; oscar
ozzie; osvaldo valdo; oswald oz ozzie; pablo pablito paul; pamela pam pame; paola pao; parker park; pascual
pascualito; patricia pat patty trish tricia paty; patricio pato; patrick pat paddy rick; paul paulie; paula pau;
paulina pau; pedro pete perico pedrito; penelope penny nell; percival percy; peter pete; petronila petra nila; peyton
pey; philip phil pip; phillip phil pip; pilar pili piluca; primitivo tivo; priscilla cilla; purificacion puri; quentin
quinn; quincy quinn; rachel rach; rafael rafa ralph; rafaela rafa; ramiro rami; ramon monchi moncho; ramona mona;
randall randy; randolph randy dolph; raquel raque kelly; raul rulo raulito; raymond ray; rebecca becky becca; refugio
cuca cuco; regina gina reggie; reginald reggie reg; remedios reme; reynaldo rey naldo; ricardo richie rick rico
richard richi caco; richard rick dick rich richie ricky; rigoberto rigo beto; riley ry; robert bob bobby rob robbie
bert; roberto beto rob bob bobby robert; rocio chio; roderick rod; rodney rod; rodolfo rudy fito rodo; rodrigo rod
rodri; rogelio roge; roger rog; roland rollie; romualdo ruma; ronald ron ronnie; rosa rosita; rosalba alba rosa;
rosalia lia rosa; rosalind roz rosie; rosalinda linda rosa; rosario charo chayo; rosaura rosa; rose rosie; rosemarie
rose rosie; rosemary rose rosie; rosendo chendo; ruben rube; rudolph rudy; rupert rupe; ruperto rupe; russell russ;
ryan ry; salvador chava sal; salvatore sal; samantha sam sammie; samuel sam sammy; sandra sandy; santiago santi chago
tiago yago jimmy; santos santitos; sarah sally sadie; saturnino nino satur; savannah sav vanna; scarlett scar;
sebastian seb bas sebas seba; serafin fin; serenity sera; sergio checo; sheldon shel; sherman sherm; shirley shirl;
sidney sid; silvestre veche; silvia chiva; simon si; socorro coco; sofia sofi sophie chofi; soledad sole chole;
solomon sol; sophia sophie soph; spencer spence; stanley stan; stella stell; stephanie steph; stephen steve stevie;
steven steve stevie; stewart stu; stuart stu; susan sue susie suzy; susana susi; svetlana sveta; sydney syd; sylvester
sly; sylvia syl; tabitha tabby; tadeo teo; tamara tammy tam; tatiana tanya tati; teodoro teo doro; terence terry;
teresa tere terry tete teresita maite; terrence terry; thaddeus thad; theodore ted teddy theo; theresa terry tess
tessa; thomas tom tommy; tiburcio bucho; tiffany tiff; timoteo timo; timothy tim timmy; tobiah toby; tobias toby;
tomas tommy; trevor trev; trinidad trini; tristan tris; tyler ty; ulysses uly; valentin vale val; valentina vale val
tina; valeria vale val; valeriano vale; valerie val; vanessa nessa; venancio nancho; vernon vern; veronica vero ronnie
roni; vicenta chenta; vicente chente; victor vic vitor vico; victoria vicky tori vic toya; vincent vince vinny; violet
vi; virgilio gilo; virginia ginny ginger vicky gina; vivian viv; viviana vivi; vladimir vlad vova; wallace wally;
walter walt wally; wenceslao wences; wendell dell; wesley wes; wilfred will fred; wilfredo willy fredo; wilhelmina
mina billie; william will bill billy willy liam; wilson will; winifred winnie; woodrow woody; wyatt wy; xavier xavi;
ximena xime mena; xiomara xio; yesenia yesi; yevgeny zhenya; yolanda yoli yola yoya; yusuf yus; zacarias zaca;
zachariah zach zack; zachary zach zack; zechariah zach zack; zenaida zena; zoe zo; zoey zo
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
