"""Words of stories move from taggit's table, which pictures share, to the tags of pages, which have addresses in pinyin.

They keep their keys: older revisions of a story name its words by them.
"""

import django.db.models.deletion
import modelcluster.contrib.taggit
from django.core.management.color import no_style
from django.db import migrations, models

from portal.models.tags import slug_of


def copy_words(apps, schema_editor):
    old, new = apps.get_model("taggit", "Tag"), apps.get_model("portal", "Tag")
    taken = set(new.objects.values_list("slug", flat=True))
    known, keys = (
        set(new.objects.values_list("name", flat=True)),
        set(new.objects.values_list("pk", flat=True)),
    )
    rows = []
    for word in old.objects.order_by("pk"):
        if word.name in known:
            continue
        slug, number = slug_of(word.name), 1
        while slug in taken:
            number += 1
            slug = f"{slug_of(word.name)}-{number}"
        taken.add(slug)
        rows.append(new(pk=word.pk if word.pk not in keys else None, name=word.name, slug=slug))
    new.objects.bulk_create([row for row in rows if row.pk])
    for statement in schema_editor.connection.ops.sequence_reset_sql(no_style(), [new]):
        schema_editor.execute(statement)
    new.objects.bulk_create([row for row in rows if not row.pk])


def words_forth(apps, schema_editor):
    """Lead uses to words that were there already under another key: after the way back and forth again."""
    names = dict(apps.get_model("taggit", "Tag").objects.values_list("pk", "name"))
    keys = dict(apps.get_model("portal", "Tag").objects.values_list("name", "pk"))
    uses = apps.get_model("stations", "ProfileTag")
    for pk, word in uses.objects.values_list("pk", "tag_id"):
        if keys[names[word]] != word:
            uses.objects.filter(pk=pk).update(tag_id=keys[names[word]])
    schema_editor.connection.check_constraints()  # PostgreSQL alters no table while checks of it wait


def words_back(apps, schema_editor):
    old, uses = apps.get_model("taggit", "Tag"), apps.get_model("stations", "ProfileTag")
    for use in uses.objects.select_related("tag"):
        word, _ = old.objects.get_or_create(
            name=use.tag.name, defaults={"slug": f"{use.tag.slug}-{use.tag_id}"}
        )
        uses.objects.filter(pk=use.pk).update(tag_id=word.pk)
    schema_editor.connection.check_constraints()


def tag_field(**more):
    return models.ForeignKey(
        on_delete=django.db.models.deletion.CASCADE,
        related_name="%(app_label)s_%(class)s_items",
        to="portal.tag",
        **more,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0003_tags"),
        ("stations", "0003_positions"),
        ("taggit", "0006_rename_taggeditem_content_type_object_id_taggit_tagg_content_8fc721_idx"),
    ]

    operations = [
        migrations.AlterField(
            model_name="profilepage",
            name="tags",
            field=modelcluster.contrib.taggit.ClusterTaggableManager(
                blank=True,
                help_text="几个词用逗号分开。读者点一个词，就能找到各栏目里带这个词的内容。",
                through="stations.ProfileTag",
                to="portal.Tag",
                verbose_name="标签",
            ),
        ),
        migrations.RunPython(copy_words, migrations.RunPython.noop),
        # Without a constraint in between: on the way back the keys are those of the other table first.
        migrations.AlterField("profiletag", "tag", tag_field(db_constraint=False)),
        migrations.RunPython(words_forth, words_back),
        migrations.AlterField("profiletag", "tag", tag_field()),
    ]
