using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Bijectors.Tests.Doctor;

/// <summary>
/// The members of TorchSharp that compiled methods call or take the address of, read from their instructions.
/// </summary>
internal sealed class CalledMembers
{
    private static readonly Dictionary<short, OpCode> s_opCodes = typeof(OpCodes).GetFields()
        .Select(field => field.GetValue(null)).OfType<OpCode>().ToDictionary(code => code.Value);

    private readonly PEReader _file;
    private readonly MetadataReader _metadata;

    private CalledMembers(PEReader file) => (_file, _metadata) = (file, file.GetMetadataReader());

    /// <summary>
    /// The members, as <c>(torch.nn.functional, conv2d)</c>: the type without its assembly's namespace, and the name.
    /// </summary>
    /// <param name="assembly">The path of an assembly.</param>
    /// <param name="counts">Which of its outermost types count, by namespace and attributes.</param>
    public static HashSet<(string Type, string Member)> Of(
        string assembly, Func<string, IReadOnlyList<string>, bool> counts)
    {
        using var file = new PEReader(File.OpenRead(assembly));
        return new CalledMembers(file).Read(counts);
    }

    private HashSet<(string Type, string Member)> Read(Func<string, IReadOnlyList<string>, bool> counts)
    {
        var found = new HashSet<(string, string)>();
        foreach (var handle in _metadata.MethodDefinitions)
        {
            var method = _metadata.GetMethodDefinition(handle);
            var type = Outermost(method.GetDeclaringType());
            if (method.RelativeVirtualAddress != 0 && counts(_metadata.GetString(type.Namespace), Attributes(type)))
            {
                foreach (var token in Tokens(_file.GetMethodBody(method.RelativeVirtualAddress).GetILBytes()!))
                {
                    if (Member(MetadataTokens.EntityHandle(token)) is { } member)
                    {
                        found.Add(member);
                    }
                }
            }
        }

        return found;
    }

    /// <summary>The tokens of methods in the instructions of a body.</summary>
    private static IEnumerable<int> Tokens(byte[] instructions)
    {
        for (var at = 0; at < instructions.Length;)
        {
            var first = instructions[at++];
            var code = s_opCodes[first == 0xFE ? (short)((first << 8) | instructions[at++]) : first];
            if (code.OperandType is OperandType.InlineMethod or OperandType.InlineTok)
            {
                yield return BitConverter.ToInt32(instructions, at);
            }

            at += code.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(instructions, at)),
                _ => 4,
            };
        }
    }

    private (string Type, string Member)? Member(EntityHandle handle)
    {
        if (handle.Kind == HandleKind.MethodSpecification)
        {
            handle = _metadata.GetMethodSpecification((MethodSpecificationHandle)handle).Method;
        }

        if (handle.Kind != HandleKind.MemberReference)
        {
            return null;
        }

        var member = _metadata.GetMemberReference((MemberReferenceHandle)handle);
        return TypeName(member.Parent) is { } type ? (type, _metadata.GetString(member.Name)) : null;
    }

    /// <summary>The name of a type of TorchSharp; null for others.</summary>
    private string? TypeName(EntityHandle handle)
    {
        if (handle.Kind != HandleKind.TypeReference)
        {
            return null;
        }

        var type = _metadata.GetTypeReference((TypeReferenceHandle)handle);
        var name = _metadata.GetString(type.Name);
        return type.ResolutionScope.Kind switch
        {
            HandleKind.TypeReference => TypeName(type.ResolutionScope) is { } outer ? $"{outer}.{name}" : null,
            HandleKind.AssemblyReference => IsTorchSharp((AssemblyReferenceHandle)type.ResolutionScope) ? name : null,
            _ => null,
        };
    }

    private bool IsTorchSharp(AssemblyReferenceHandle handle) =>
        _metadata.GetString(_metadata.GetAssemblyReference(handle).Name) == "TorchSharp";

    private TypeDefinition Outermost(TypeDefinitionHandle handle)
    {
        var type = _metadata.GetTypeDefinition(handle);
        return type.GetDeclaringType().IsNil ? type : Outermost(type.GetDeclaringType());
    }

    private string[] Attributes(TypeDefinition type) =>
        [.. type.GetCustomAttributes().Select(attribute => _metadata.GetCustomAttribute(attribute).Constructor)
            .Where(constructor => constructor.Kind == HandleKind.MemberReference)
            .Select(constructor => _metadata.GetMemberReference((MemberReferenceHandle)constructor).Parent)
            .Where(parent => parent.Kind == HandleKind.TypeReference)
            .Select(parent => _metadata.GetString(_metadata.GetTypeReference((TypeReferenceHandle)parent).Name))];
}
