"""Short sentences to measure heads on where a person has none at hand: a hundred in English, a hundred in Chinese.

They were written for this app and may be used as it may. Words come back within a sentence now and then, so that
heads that look for the same word can be told.
"""

ENGLISH = tuple(
    """
The cat that slept on the red chair woke up when the cat next door cried.
Why did you leave the door open, and why is the door still open now?
My sister plays the violin, but she would rather play the drums.
Nobody saw the second train, because the second train came at night.
He gave her a book, she gave him a letter, and neither read a word.
In the old harbour there are more gulls than boats.
If it rains tomorrow, we will stay at home and bake bread.
The bread was hard, the soup was cold, and the guests were happy.
A teacher who never laughs is a teacher whom nobody forgets.
They sold the house in which they had lived for thirty years.
What the doctor said was short: sleep more, walk more, worry less.
The river is low in August and high in April.
Please put the keys where you found the keys.
Three of the five windows were broken, and two of the five doors were gone.
"Come in," said the old woman, "the tea is ready."
Her answer was so quiet that only the dog heard it.
The mayor opened the new bridge, and the new bridge closed again that evening.
I have read this page four times, and this page still makes no sense.
The engine stopped, the lights went out, and somebody began to sing.
Is it true that the library lends umbrellas?
Yes, the library lends umbrellas, and it lends boots as well.
The boy with the blue cap waved at the girl with the blue scarf.
Neither the captain nor the crew knew where the island was.
Snow fell on the village all night, and by morning the village was silent.
A small mistake in the first line became a large mistake in the last one.
The scientist measured the distance twice and wrote down a third number.
We met on a Monday, quarrelled on a Tuesday, and made up on a Wednesday.
The letter that he had lost was in the coat that he had given away.
You can see the mountains from here when the air is clear.
Her grandfather repaired clocks; his grandfather sold them.
The museum keeps a stone that fell from the sky.
After the concert, the musicians were hungrier than the audience.
He speaks slowly, thinks quickly, and writes hardly at all.
The green bottle is empty, the brown bottle is full, and the white bottle is mine.
No one who knew the answer was asked the question.
The children built a tower of boxes, and the wind took it down.
When the phone rang, she was painting the kitchen yellow.
The kitchen is yellow now, and so is the phone.
It took two days to climb the hill and two minutes to come down.
The farmer counted his sheep and found one more than he owned.
Most of the apples were sweet, but the smallest apple was the sweetest.
The judge listened to both sides, and both sides were wrong.
Somewhere behind the station there is a garden that nobody waters.
She learned to swim at sixty and to dive at seventy.
The cheapest ticket was also the best seat.
He promised to write, and write he did, every single week.
The actor forgot his words, so the audience said them for him.
A map of the city hung upside down beside the city's oldest clock.
Do not open the blue box before you have closed the red box.
The bakery on the corner opens at five and is sold out by seven.
Rain, wind, and fog: the picnic was a great success.
The bird that sings at dawn is not the bird that sings at dusk.
My brother's car is older than my brother.
Everyone brought a chair, and so everyone had a place to sit.
The message was in a language that only two people could read.
She looked at the picture, then at him, then at the picture again.
The road to the lake is closed, so take the road past the mill.
One half of the class was asleep while the other half was dreaming.
An honest answer is rarely a long answer.
The soldiers marched north, the refugees walked south, and the river ran between them.
He painted the same tree in spring, in summer, in autumn, and in winter.
The manager who hired her was the manager whom she replaced.
What would you do with a thousand empty jars?
The lamp flickers whenever the neighbour turns on his oven.
The longer the speech became, the fewer people stayed.
Her first novel was about a lighthouse; her second novel was about its keeper.
The guide told us a story, and the story was almost true.
Nothing in the shop had a price, and nothing in the shop was for sale.
The dog chased the bicycle, caught the bicycle, and did not know what to do with it.
On the last day of school, the teacher cried more than the pupils.
The nurse asked his name, wrote down his name, and asked it again.
The old theatre smells of dust, paint, and oranges.
If you find my notebook, please do not read my notebook.
The pilot saw the storm before the storm was on the radar.
They named the boat after their daughter and the daughter after a star.
The village has one street, one shop, and two opinions.
Silence can be an answer, but it is seldom a good one.
The machine that counts the votes was counted as a vote.
She kept the recipe secret, although the recipe was on the box.
The winter was long, the wood was wet, and the stove was small.
He lost the game on purpose, which the others noticed at once.
The tallest building in the town is a chimney.
A stranger asked the way to the station and then missed the train.
The train was late because the train before it was late.
The committee met to decide when the committee should meet.
Her voice carried across the square, over the market, and into the church.
The fish is fresh, said the cook, and the fish agreed.
Those who arrived early waited, and those who arrived late did not.
The new law protects the forest, and the forest protects the town.
He bought a ladder to reach the shelf on which the ladder was kept.
The gardener planted roses where the roses had died the year before.
It was not the cold that woke him, it was the quiet.
The students translated the poem, and no two translations were alike.
The clock in the hall is fast, the clock in the tower is slow.
Her suitcase was light because she had left her worries at home.
The painter mixed blue with yellow and was surprised by the green.
The queue moved slowly, stopped, and then moved backwards.
All the windows of the hotel look at the windows of another hotel.
Between the two mountains lies a valley that has no name.
The last sentence is short.
""".strip().split("\n")
)

CHINESE = tuple(
    """
小猫睡在椅子上，小狗睡在椅子下面。
你为什么不关门？门一直开着呢。
我姐姐会拉小提琴，可是她更想学打鼓。
第二班火车是夜里到的，所以没有人看见第二班火车。
他送她一本书，她给他一封信，两个人都没有看。
老码头上的海鸥比船还多。
如果明天下雨，我们就待在家里烤面包。
面包硬了，汤凉了，客人们却很高兴。
从来不笑的老师，学生永远忘不了。
他们卖掉了住了三十年的房子。
医生说得很简单：多睡，多走，少担心。
这条河八月水浅，四月水深。
请把钥匙放回原来放钥匙的地方。
五扇窗户坏了三扇，五扇门丢了两扇。
“请进，”老奶奶说，“茶已经泡好了。”
她回答的声音很小，只有小狗听见了。
市长早上开通了新桥，晚上新桥又关了。
这一页我读了四遍，还是不明白这一页在说什么。
机器停了，灯灭了，有人开始唱歌。
图书馆真的可以借雨伞吗？
是的，图书馆可以借雨伞，也可以借雨鞋。
戴蓝帽子的男孩向围蓝围巾的女孩挥手。
船长和水手都不知道那个岛在哪里。
大雪下了一夜，早晨的村子很安静。
第一行的小错误，到最后一行变成了大错误。
科学家量了两次距离，写下了第三个数字。
我们星期一认识，星期二吵架，星期三和好。
他丢的那封信，就在他送人的那件大衣里。
天气好的时候，从这里可以看见山。
她爷爷修钟，他爷爷卖钟。
博物馆里有一块从天上掉下来的石头。
音乐会结束以后，演员比观众还饿。
他说话慢，想得快，几乎不写字。
绿瓶子是空的，红瓶子是满的，白瓶子是我的。
知道答案的人，没有人来问。
孩子们用纸箱搭了一座塔，风把它吹倒了。
电话响的时候，她正在把厨房刷成黄色。
现在厨房是黄色的，电话也是黄色的。
上山用了两天，下山只用了两分钟。
农民数了数羊，发现多了一只。
苹果大多很甜，最小的苹果最甜。
法官听了双方的话，双方都不对。
车站后面有一个没有人浇水的花园。
她六十岁学游泳，七十岁学潜水。
最便宜的票是最好的座位。
他答应写信，果然每个星期都写。
演员忘了台词，观众替他说了出来。
城里最老的钟旁边，倒挂着一张地图。
关上红盒子以前，不要打开蓝盒子。
街角的面包店五点开门，七点就卖完了。
下雨，刮风，起雾，野餐非常成功。
早上唱歌的鸟，不是晚上唱歌的鸟。
我哥哥的车比我哥哥还老。
每个人都带了一把椅子，所以每个人都有地方坐。
那条消息用的语言，世界上只有两个人看得懂。
她看看画，看看他，又看看画。
去湖边的路封了，请走磨坊旁边的路。
一半学生在睡觉，另一半学生在做梦。
诚实的回答常常很短。
士兵往北走，难民往南走，大河在中间流。
他在春天、夏天、秋天和冬天画同一棵树。
当年录用她的经理，后来被她代替了。
如果有一千个空瓶子，你会做什么？
邻居一开烤箱，这盏灯就闪。
讲话越长，留下的人越少。
她的第一本小说写灯塔，第二本小说写守灯塔的人。
导游讲了一个故事，这个故事差不多是真的。
店里什么都没有价钱，什么都不卖。
小狗追自行车，追上了自行车，却不知道该怎么办。
放假那天，老师哭得比学生还厉害。
护士问他的名字，写下他的名字，又问了一遍。
旧剧院里有灰尘、油漆和橘子的味道。
如果你捡到我的笔记本，请不要看我的笔记本。
雷达还没有发现风暴，飞行员已经看见了风暴。
他们用女儿的名字给船取名，用星星的名字给女儿取名。
这个村子只有一条街、一家店、两种意见。
沉默也是回答，但很少是好的回答。
数票的机器，也被当作一票数了进去。
她不肯说出菜谱，其实菜谱就印在盒子上。
冬天很长，木头很湿，炉子很小。
他故意输了比赛，别人一下子就看出来了。
镇上最高的建筑是一根烟囱。
陌生人问了去车站的路，然后错过了火车。
火车晚点，是因为前一班火车晚点。
委员会开会决定委员会什么时候开会。
她的声音穿过广场，越过市场，传进教堂。
厨师说鱼很新鲜，鱼也同意。
来得早的人在等，来得晚的人不用等。
新的法律保护森林，森林保护小镇。
他买了一把梯子，好够到放梯子的架子。
去年玫瑰枯死的地方，园丁又种上了玫瑰。
叫醒他的不是寒冷，是安静。
学生们翻译同一首诗，没有两份翻译是一样的。
大厅的钟走得快，塔上的钟走得慢。
她的箱子很轻，因为她把烦恼留在了家里。
画家把蓝色和黄色混在一起，得到了绿色，吃了一惊。
队伍慢慢往前走，停了一会儿，又往后退。
这家酒店的窗户，都对着另一家酒店的窗户。
两座山中间的山谷没有名字。
最后一句话很短。
""".strip().split("\n")
)
