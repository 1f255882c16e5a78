import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('accounts', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='LawReview',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('regime', models.CharField(max_length=40, verbose_name='regime')),
                ('digest', models.CharField(max_length=64, verbose_name='digest of its files')),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.agency')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('note', models.TextField(blank=True, max_length=4000, verbose_name='note')),
            ],
            options={
                'verbose_name': 'review of a law',
                'verbose_name_plural': 'reviews of laws',
                'ordering': ('-at', '-id'),
                'indexes': [models.Index(fields=['regime', 'digest'], name='permissions_reviews_of_a_law')],
            },
        ),
        migrations.CreateModel(
            name='PolicyVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(unique=True, verbose_name='number')),
                ('policies', models.TextField(verbose_name='policies')),
                ('entities', models.JSONField(verbose_name='entities')),
                ('digest', models.CharField(max_length=64, verbose_name='digest')),
                ('table', models.JSONField(default=list, verbose_name='what is allowed')),
                ('table_digest', models.CharField(max_length=64, verbose_name='digest of the table')),
                ('reason', models.CharField(max_length=400, verbose_name='reason')),
                ('published_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='published')),
                ('published_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('current', models.BooleanField(default=False, verbose_name='in force')),
            ],
            options={
                'verbose_name': 'policy version',
                'verbose_name_plural': 'policy versions',
                'ordering': ('-number',),
                'constraints': [models.UniqueConstraint(condition=models.Q(('current', True)), fields=('current',), name='permissions_one_current_version'), models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='permissions_version_number_positive'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='permissions_version_has_reason')],
            },
        ),
    ]
