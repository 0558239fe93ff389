using Parquet.Meta;

namespace Bijectors.Data;

/// <summary>The pages of a Parquet file, looked at before the library is: it believes all that they say.</summary>
/// <param name="whose">The file, for messages.</param>
/// <param name="stream">The file.</param>
internal sealed class ParquetPages(string whose, WindowStream stream)
{
    private const int UsualHeader = 1 << 12;
    private const int LongestHeader = 1 << 24;
    private const long DataPage = 0;
    private const long DictionaryPage = 2;
    private const long DataPageV2 = 3;

    private readonly long _most = PackedFile.MostUnpacked(stream.Length);
    private long _unpacked;

    /// <summary>
    /// Stops where the pages of a column hold other rows than its group, lie elsewhere, or unpack to too much. From
    /// here on the stream ends behind them.
    /// </summary>
    /// <exception cref="DataException">They do.</exception>
    public void Check(ColumnChunk chunk, long rows)
    {
        if (chunk.FilePath is not null || chunk.MetaData is not { } about)
        {
            throw new DataException(whose, "columns in the file itself", "one in another file", "put them together");
        }

        if (about.NumValues != rows)
        {
            throw new InvalidDataException($"{about.NumValues} values of a column of {rows} rows");
        }

        stream.End = stream.Length;
        long[] starts = [about.DictionaryPageOffset ?? 0, about.DataPageOffset, about.IndexPageOffset ?? 0];
        var (at, values, hasDictionary) = (starts.Where(start => start != 0).DefaultIfEmpty(-1).Min(), 0L, false);
        while (values < rows)
        {
            var page = Header(at);
            var size = page.Number("PageHeader", 3) ?? -1;
            var start = at + page.Length;
            if (size < 0 || size > stream.Length - start)
            {
                throw new EndOfStreamException();
            }

            Unpack(page.Number("PageHeader", 2) ?? -1);
            var (kind, held) = (page.Number("PageHeader", 1), 0L);
            switch (kind)
            {
                case DictionaryPage when !hasDictionary:
                    hasDictionary = true;
                    held = page.Number("DictionaryPageHeader", 1) ?? -1;
                    break;
                case DataPage:
                    values += held = page.Number("DataPageHeader", 1) ?? -1;
                    break;
                case DataPageV2:
                    values += held = page.Number("DataPageHeaderV2", 1) ?? -1;
                    break;
                default:
                    throw new InvalidDataException($"a page of kind {kind}");
            }

            if (held < 0 || values > rows || (kind == DictionaryPage && held > page.Number("PageHeader", 2)))
            {
                throw new InvalidDataException($"{held} values in a page");
            }

            // In pages of the second version levels stand before what is packed.
            var levels = kind == DataPageV2
                ? (page.Number("DataPageHeaderV2", 5) ?? 0) + (page.Number("DataPageHeaderV2", 6) ?? 0) : 0;
            var isPacked = kind != DataPageV2 || page.Number("DataPageHeaderV2", 7) != 0;
            CheckPacked(isPacked ? about.Codec : CompressionCodec.UNCOMPRESSED, start, (int)size, levels);
            at = start + size;
        }

        stream.End = at;
    }

    /// <summary>What packed content says of its own size, where the library believes it.</summary>
    private void CheckPacked(CompressionCodec codec, long start, int size, long levels)
    {
        if (codec is not (CompressionCodec.SNAPPY or CompressionCodec.ZSTD))
        {
            return;
        }

        if (levels < 0 || levels > size)
        {
            throw new EndOfStreamException();
        }

        var packed = new byte[size - levels];
        stream.Position = start + levels;
        stream.ReadExactly(packed);
        if (packed.Length > 0)
        {
            Unpack(codec == CompressionCodec.SNAPPY
                ? Snappier.Snappy.GetUncompressedLength(packed)
                : checked((long)ZstdSharp.Decompressor.GetDecompressedSize(packed)));
        }
    }

    private ThriftWalk Header(long at)
    {
        if (at < 0 || at >= stream.Length)
        {
            throw new EndOfStreamException();
        }

        for (var length = UsualHeader; ; length *= 16)
        {
            var bytes = new byte[Math.Min(length, stream.Length - at)];
            stream.Position = at;
            stream.ReadExactly(bytes);
            try
            {
                var walk = new ThriftWalk(bytes);
                walk.Struct("PageHeader");
                return walk;
            }
            catch (EndOfStreamException) when (length < LongestHeader && bytes.Length == length)
            {
                // A header with long statistics.
            }
        }
    }

    private void Unpack(long bytes)
    {
        if (bytes < 0 || (_unpacked += bytes) > 2 * _most)
        {
            throw PackedFile.TooLarge(whose, _most);
        }
    }
}
