namespace Bijectors.Browser;

/// <summary>What is asked of a page, as scripts that give names of elements.</summary>
internal static class PageScripts
{
    private const string Name =
        """
        const name = each => each.tagName.toLowerCase() + (each.id ? '#' + each.id : '') + ' "'
          + (each.getAttribute('aria-label') || each.textContent || '').trim().slice(0, 40) + '"';
        """;

    /// <summary>What reaches beyond the window, unless it lies in a part that scrolls by itself.</summary>
    public const string Overflow =
        $$"""
        () => { {{Name}}
          const width = document.documentElement.clientWidth;
          if (document.documentElement.scrollWidth <= width) return [];
          return [...document.querySelectorAll('body *')]
            .filter(each => each.getBoundingClientRect().right > width + 1 && !each.closest('.scroll'))
            .map(name).slice(0, 5).concat(['the page']);
        }
        """;

    /// <summary>Texts of charts of which a part lies outside the chart.</summary>
    public const string CutTexts =
        $$"""
        () => { {{Name}}
          return [...document.querySelectorAll('svg text')].filter(text => {
            const inner = text.getBoundingClientRect(), outer = text.closest('svg').getBoundingClientRect();
            return inner.width > 0 && (inner.left < outer.left - 1 || inner.right > outer.right + 1
              || inner.top < outer.top - 1 || inner.bottom > outer.bottom + 1);
          }).map(name);
        }
        """;

    /// <summary>Pictures that are not there, or are not described.</summary>
    public const string LostPictures =
        $$"""
        () => { {{Name}}
          return [...document.images].filter(each => !each.complete || each.naturalWidth === 0 || !each.alt).map(name)
            .concat([...document.querySelectorAll('svg.chart')].filter(each => !each.ariaLabel).map(name));
        }
        """;

    /// <summary>All that a key can reach, in the order of the page.</summary>
    public const string Focusable =
        $$"""
        () => { {{Name}}
          return [...document.querySelectorAll('a[href], button, input, summary, [tabindex="0"]')]
            .filter(each => each.checkVisibility()).map(name);
        }
        """;

    /// <summary>What has the focus.</summary>
    public const string Focused = $$"""() => { {{Name}} return name(document.activeElement); }""";

    /// <summary>Whether what has the focus can be told from the rest.</summary>
    public const string FocusIsSeen =
        """
        () => { const style = getComputedStyle(document.activeElement);
          return style.outlineStyle !== 'none' || style.boxShadow !== 'none'; }
        """;
}
